// Command cost measures what it takes to start a goroutine, and a process.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"
)

func main() {
	if len(os.Args) > 1 {
		return // this is a child
	}
	fmt.Println("a goroutine, from go to its end:", each(10_000, func() {
		var wg sync.WaitGroup
		wg.Go(func() {})
		wg.Wait()
	}).Round(10*time.Nanosecond))
	self, _ := os.Executable()
	fmt.Println("a process, from Start to its end:", each(50, func() {
		exec.Command(self, "child").Run()
	}).Round(10*time.Microsecond))
}

// each returns how long f takes, on average.
func each(times int, f func()) time.Duration {
	start := time.Now()
	for range times {
		f()
	}
	return time.Since(start) / time.Duration(times)
}
