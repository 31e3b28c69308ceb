// Command orphan ends before its child does.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"time"
)

func main() {
	if len(os.Args) > 1 {
		childMain()
		return
	}
	// region main
	self, _ := os.Executable()
	child := exec.Command(self, "child")
	child.Stdout = os.Stdout
	child.Start()
	time.Sleep(200 * time.Millisecond)
	fmt.Println("parent: I have had enough")
	// endregion
}

// region child
func childMain() {
	parent := os.Getppid()
	for range 2 {
		time.Sleep(400 * time.Millisecond)
		fmt.Println("child: still at work; my parent is still there:", os.Getppid() == parent)
	}
}

// endregion
