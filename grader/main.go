// Command grader grades Lockstep's chapters, and the course itself.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"lockstep/grader/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Main(ctx, os.Args, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
