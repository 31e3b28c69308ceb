// Command timeout runs a build step that leaves something in the background.
package main

import (
	"context"
	"fmt"
	"os/exec"
	"time"
)

// build runs a step and returns what it prints; a step gets a second.
func build(step string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "sh", "-c", step).CombinedOutput()
	return string(out), err
}

func main() {
	for _, step := range []string{
		"echo built; sleep 4 &",
		"sleep 4; echo built",
	} {
		began := time.Now()
		out, err := build(step)
		fmt.Printf("%-22s %v: %q, %v\n", step, time.Since(began).Round(time.Second), out, err)
	}
}
