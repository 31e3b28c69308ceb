// Command table is the Go side of the table in the notes.
package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
)

var n int

func count() { n++ }

func main() {
	if len(os.Args) > 1 { // this is the child
		count()
		fmt.Print(n)
		return
	}
	var wg sync.WaitGroup
	wg.Go(count)
	wg.Wait()
	fmt.Println("a goroutine has counted:", n)

	self, _ := os.Executable()
	child := exec.Command(self, "child")
	out, _ := child.StdoutPipe()
	child.Start()
	said, _ := io.ReadAll(out)
	child.Wait()
	fmt.Printf("the child has counted: %s\n", said)
	fmt.Println("and the parent has:", n)

	words := make(chan string, 1)
	go func() { words <- "hello" }()
	fmt.Println(<-words)
	fmt.Println(os.Getpid() > 0)
}
