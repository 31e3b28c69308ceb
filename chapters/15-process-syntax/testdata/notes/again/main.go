// Command again starts itself in order to call a function in a child.
package main

import (
	"fmt"
	"os"
	"os/exec"
)

func main() {
	if len(os.Args) > 3 {
		fmt.Println("that is enough")
		return
	}
	// region main
	fmt.Println("main begins")
	self, _ := os.Executable()
	child := exec.Command(self, append(os.Args[1:], "square 12")...)
	child.Stdout = os.Stdout
	child.Run()
	fmt.Println("main ends")
	// endregion
}
