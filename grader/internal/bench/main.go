// Command bench is `make bench`: what grading costs, beside plain `go test -race` of
// the same hidden tests, in the same run. Ratios are what to quote; times are of this machine.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

var (
	grader  = flag.String("grader", "bin/grader", "the grader's binary")
	chapter = flag.String("chapter", "05-lock", "the chapter to edit")
	runs    = flag.Int("runs", 7, "pairs of runs, after one that does not count")
	cold    = flag.Bool("cold", false, "also the first run on a fresh machine: empty caches, a few minutes")
	boxed   = flag.Bool("sandbox", false, "also every reference under bwrap, beside --sandbox none: some minutes")
)

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run() error {
	path, err := filepath.Abs(*grader)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "lockstep-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b := &bench{grader: path, work: work}
	fmt.Printf("%-34s %10s %10s %7s\n", "", "grader", "go test", "ratio")
	if err := b.edited(); err != nil {
		return err
	}
	if err := b.unchanged(); err != nil {
		return err
	}
	if *cold {
		if err := b.first(); err != nil {
			return err
		}
	}
	if *boxed {
		return b.sandboxed()
	}
	return nil
}

type bench struct{ grader, work string }

// edited times one chapter whose answer has just been edited: each run adds a line to
// a copy of the reference, for both sides the same.
func (b *bench) edited() error {
	var graded, plain []time.Duration
	for i := range *runs + 1 {
		if err := b.edit(*chapter, fmt.Sprintf("// edit %d of %d\n", i, time.Now().UnixNano())); err != nil {
			return err
		}
		g, err := timed(nil, b.grader, "grade", *chapter, "--submission", b.work)
		if err != nil {
			return err
		}
		p, err := b.plainTest(nil)
		if err != nil {
			return err
		}
		if i > 0 { // the first pair warms the caches
			graded, plain = append(graded, g), append(plain, p)
		}
	}
	row("one edited chapter, warm", graded, plain)
	return nil
}

// unchanged times a whole course of which nothing has changed.
func (b *bench) unchanged() error {
	if err := b.handIn(); err != nil {
		return err
	}
	if _, err := timed(nil, b.grader, "grade", "--submission", b.work); err != nil {
		return err
	}
	var graded []time.Duration
	for range *runs {
		g, err := timed(nil, b.grader, "grade", "--submission", b.work)
		if err != nil {
			return err
		}
		graded = append(graded, g)
	}
	fmt.Printf("%-34s %9.0fms\n", "whole course, nothing changed", ms(median(graded)))
	return nil
}

// first times both sides with empty caches of their own. Compiling the grader, which
// a fresh clone does before its first run, is told apart.
func (b *bench) first() error {
	env := func(side string) []string {
		cache := filepath.Join(b.work, "cache-"+side)
		return []string{"GOCACHE=" + filepath.Join(cache, "go"), "LOCKSTEP_CACHE=" + filepath.Join(cache, "lockstep")}
	}
	built := filepath.Join(b.work, "grader")
	compiled, err := timed(env("grader"), "go", "build", "-o", built, "./grader")
	if err != nil {
		return err
	}
	graded, err := timed(env("grader"), built, "grade", *chapter, "--submission", b.work)
	if err != nil {
		return err
	}
	plain, err := b.plainTest(env("plain"))
	if err != nil {
		return err
	}
	row("first grade, empty caches", []time.Duration{graded}, []time.Duration{plain})
	row("with compiling the grader itself", []time.Duration{compiled + graded}, []time.Duration{plain})
	return nil
}

// sandboxed times every reference under bwrap and without, in turn, each time edited anew.
func (b *bench) sandboxed() error {
	const pairs = 3
	times := map[string][]time.Duration{}
	for i := range pairs + 1 {
		for _, box := range []string{"bwrap", "none"} {
			if err := b.edit("*", fmt.Sprintf("// %s, %d at %d\n", box, i, time.Now().UnixNano())); err != nil {
				return err
			}
			took, err := timed(nil, b.grader, "grade", "--submission", b.work, "--sandbox", box)
			if err != nil {
				return err
			}
			if i > 0 { // the first pair warms the caches
				times[box] = append(times[box], took)
			}
		}
	}
	fmt.Printf("%-34s %10s %10s %7s\n", "", "bwrap", "none", "ratio")
	row("all references, edited", times["bwrap"], times["none"])
	return nil
}

// edit hands every reference in, with a comment more in those of the chapters that the
// pattern names.
func (b *bench) edit(chapters, comment string) error {
	if err := b.handIn(); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(b.work, "chapters", chapters, "*.go"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no reference for %s", chapters)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, append(data, comment...), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// handIn copies every reference into the bench's submission.
func (b *bench) handIn() error {
	files, err := filepath.Glob(filepath.Join("solutions", "*", "*.go"))
	if err != nil {
		return err
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		to := filepath.Join(b.work, "chapters", filepath.Base(filepath.Dir(file)), filepath.Base(file))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// plainTest times `go test -race` of the chapter's hidden tests with the answer in an overlay.
func (b *bench) plainTest(env []string) (time.Duration, error) {
	files, err := filepath.Glob(filepath.Join(b.work, "chapters", *chapter, "*.go"))
	if err != nil {
		return 0, err
	}
	var overlay bytes.Buffer
	overlay.WriteString(`{"Replace":{`)
	for i, file := range files {
		target, err := filepath.Abs(filepath.Join("chapters", *chapter, filepath.Base(file)))
		if err != nil {
			return 0, err
		}
		if i > 0 {
			overlay.WriteByte(',')
		}
		fmt.Fprintf(&overlay, "%q:%q", target, file)
	}
	overlay.WriteString(`}}`)
	name := filepath.Join(b.work, "overlay.json")
	if err := os.WriteFile(name, overlay.Bytes(), 0o644); err != nil {
		return 0, err
	}
	return timed(env, "go", "test", "-race", "-count=1", "-tags", "grade", "-overlay", name, "./chapters/"+*chapter+"/hidden")
}

// timed runs a command that must succeed.
func timed(env []string, name string, args ...string) (time.Duration, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(start)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return 0, fmt.Errorf("%s %v: %w\n%s", name, args, err, out)
	}
	return took, err
}

func row(what string, graded, plain []time.Duration) {
	ratios := make([]float64, len(graded))
	for i := range graded {
		ratios[i] = float64(graded[i]) / float64(plain[i])
	}
	slices.Sort(ratios)
	fmt.Printf("%-34s %9.0fms %9.0fms %7.2f\n", what, ms(median(graded)), ms(median(plain)), ratios[len(ratios)/2])
}

func median(d []time.Duration) time.Duration {
	d = slices.Clone(d)
	slices.Sort(d)
	return d[len(d)/2]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
