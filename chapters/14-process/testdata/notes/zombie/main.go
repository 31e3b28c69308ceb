// Command zombie does not wait for its child.
package main

import (
	"fmt"
	"os/exec"
	"strconv"
	"time"
)

func main() {
	// region main
	child := exec.Command("true")
	child.Start()
	time.Sleep(100 * time.Millisecond) // it has ended long ago
	ps(child.Process.Pid)
	child.Wait()
	ps(child.Process.Pid)
	// endregion
}

func ps(pid int) {
	out, _ := exec.Command("ps", "-o", "stat=,comm=", "-p", strconv.Itoa(pid)).Output()
	fmt.Printf("%q\n", out)
}
