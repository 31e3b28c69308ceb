// Command draining waits for a process and then reads what it has printed.
package main

import (
	"fmt"
	"io"
	"os/exec"
)

func main() {
	// region main
	cmd := exec.Command("echo", "hello")
	stdout, _ := cmd.StdoutPipe()
	cmd.Start()
	cmd.Wait()
	out, err := io.ReadAll(stdout)
	fmt.Printf("%q, %v\n", out, err)
	// endregion
}
