// Command table is the Go side of the table in the notes.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "square" { // this is the child
		n, _ := strconv.Atoi(os.Args[2])
		fmt.Print(n * n)
		os.Exit(0)
	}
	self, _ := os.Executable()
	result, _ := exec.Command(self, "square", "12").Output()
	fmt.Println(string(result))

	child := exec.Command("sleep", "60")
	child.Start()
	ended := make(chan error, 1)
	go func() { ended <- child.Wait() }()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	select {
	case <-ended:
	case <-ctx.Done():
	}
	fmt.Println(child.Process.Pid > 0, child.Process.Signal(syscall.Signal(0)) == nil)
	child.Process.Signal(syscall.SIGTERM)
	<-ended
	fmt.Println(child.ProcessState.ExitCode(), child.ProcessState)
	fmt.Println(errors.Is(child.Process.Kill(), os.ErrProcessDone))
}
