// Command lost sends a result from a child to its parent.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
)

// region child
func childMain() {
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintln(out, "the result is 144")
	os.Exit(0)
}

// endregion

func main() {
	if len(os.Args) > 1 {
		childMain()
	}
	// region parent
	self, _ := os.Executable()
	result, err := exec.Command(self, "child").Output()
	fmt.Printf("%q, %v\n", result, err)
	// endregion
}
