// Command grader grades Lockstep's chapters, and the course itself.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"lockstep/grader/internal/cli"
	"lockstep/grader/internal/stage"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == stage.WorkerCommand {
		os.Exit(stage.Worker(os.Args[2]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := cli.Main(ctx, os.Args, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
