// Command child counts in a child process.
package main

import (
	"fmt"
	"os"
	"os/exec"
)

// region main
var n int

func main() {
	if len(os.Args) > 1 { // this is the child
		n++
		fmt.Println("child:  n =", n)
		return
	}
	n = 41
	self, _ := os.Executable()
	child := exec.Command(self, "child")
	child.Stdout = os.Stdout
	child.Run()
	fmt.Println("parent: n =", n)
}

// endregion
