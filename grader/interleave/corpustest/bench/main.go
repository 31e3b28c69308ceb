// Command bench measures package interleave on its corpus and prints the figures
// beside what plain go test -race makes of the same programs, in the same run.
//
//	go run ./grader/interleave/corpustest/bench
//
// It needs some minutes; -schedules and -seeds shorten it. It exits with 1 if a figure
// misses its mark.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"lockstep/grader/interleave/corpustest"
	"lockstep/grader/interleave/corpustest/rewritten"
)

func main() {
	seeds := flag.Int("seeds", 100, "explore each wrong program with this many seeds")
	schedules := flag.Int("schedules", 1_000_000, "run this many schedules of the right programs, in all")
	plain := flag.Int("plain", 20, "run each wrong program this many times under plain go test -race")
	dir := flag.String("dir", "", "build the rewritten test binary in this directory, and stop there")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *dir != "" {
		if _, err := rewritten.Build(ctx, *dir); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(3)
		}
		return
	}
	ok, err := run(ctx, *seeds, *schedules, *plain)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(3)
	}
	if !ok {
		os.Exit(1)
	}
}

// run measures, prints the tables and reports whether every figure meets its mark.
func run(ctx context.Context, seeds, schedules, plain int) (bool, error) {
	dir, err := os.MkdirTemp("", "lockstep-bench-")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)

	progress("building the corpus, rewritten and plain")
	explorer, err := rewritten.Build(ctx, dir)
	if err != nil {
		return false, err
	}
	ordinary, err := buildPlain(ctx, dir)
	if err != nil {
		return false, err
	}
	progress("exploring %d wrong programs with %d seeds, and the right ones in %d schedules",
		len(corpustest.Wrong), seeds, schedules)
	report, err := rewritten.Measure(ctx, explorer, rewritten.Effort{Seeds: seeds, Schedules: schedules})
	if err != nil {
		return false, err
	}
	progress("running the wrong programs %d times each under go test -race", plain)
	noticed := runPlain(ctx, ordinary, plain)
	return print(os.Stdout, report, noticed, plain), ctx.Err()
}

func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}
