// Command class is `make bench-class`: what grading a class costs, beside the plain loop
// `for each fork, for each chapter, go test -race` of the same forks, in the same run. The
// forks are synthetic. Ratios are what to quote; times are of this machine.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"

	"lockstep/grader/internal/course"
	"lockstep/grader/internal/synthetic"
)

var (
	grader    = flag.String("grader", "bin/grader", "the grader's binary")
	forks     = flag.Int("forks", 200, "forks of the class with a realistic spread, 0 for none")
	different = flag.Int("different", 20, "forks of the class in which all content differs, 0 for none")
	plain     = flag.Int("plain", 60, "runs of the plain loop, drawn by lot; the rest is estimated from them. 0 runs them all")
	alone     = flag.Int("alone", 5, "forks that are graded alone, too, to compare verdicts")
	patience  = flag.Duration("timeout", time.Minute, "go test's -timeout in the plain loop")
	members   = flag.String("memory", "1000,10000", "sizes of the simulated classes whose memory is measured, \"\" for none")
	seed      = flag.Uint64("seed", 1, "of the synthetic classes")
	simulate  = flag.Int("simulate", 0, "grade a simulated class of this size and print the peak of the memory; -memory does that")
)

func main() {
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench-class:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	root, err := course.Find(".")
	if err != nil {
		return err
	}
	c, err := course.Load(root)
	if err != nil {
		return err
	}
	if *simulate > 0 {
		return simulated(ctx, c, *simulate)
	}
	work, err := os.MkdirTemp("", "lockstep-bench-class-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	path, err := filepath.Abs(*grader)
	if err != nil {
		return err
	}
	b := &bench{ctx: ctx, course: c, grader: path, work: work}
	for _, part := range []struct {
		spread synthetic.Spread
		n      int
	}{{synthetic.Realistic, *forks}, {synthetic.Different, *different}} {
		if part.n > 0 {
			if err := b.class(part.spread, part.n); err != nil {
				return err
			}
		}
	}
	return b.memory()
}

type bench struct {
	ctx          context.Context
	course       *course.Course
	grader, work string
	warm         bool
}

// class measures one class: graded, graded again, and by the plain loop.
func (b *bench) class(spread synthetic.Spread, n int) error {
	dir := filepath.Join(b.work, string(spread))
	made, err := b.make(spread, n, filepath.Join(dir, "forks"))
	if err != nil {
		return err
	}
	if err := b.warmUp(); err != nil {
		return err
	}
	if err := b.forget(); err != nil {
		return err
	}
	out := filepath.Join(dir, "out")
	first, err := b.timed(b.grader, "class", filepath.Join(dir, "forks"), "--out", out)
	if err != nil {
		return err
	}
	before, err := verdicts(out)
	if err != nil {
		return err
	}
	again, err := b.timed(b.grader, "class", filepath.Join(dir, "forks"), "--out", out)
	if err != nil {
		return err
	}
	after, err := verdicts(out)
	if err != nil {
		return err
	}
	p, err := b.plainLoop(made, before, filepath.Join(dir, "forks"))
	if err != nil {
		return err
	}
	fmt.Printf("  %-34s %9s\n", "grader class", seconds(first))
	fmt.Printf("  %-34s %9s  %.0f times less than the first run, %.0f than the plain loop\n", "again, nothing changed", seconds(again),
		float64(first)/float64(again), float64(p.total)/float64(again))
	fmt.Printf("  %-34s %9s  %s\n", "plain loop", seconds(p.total), p.how)
	fmt.Printf("  %-34s %8.1fx  less wall time\n", "the class beside the plain loop", float64(p.total)/float64(first))
	return b.compare(before, after, p, made, dir)
}

// make writes the forks and says what they are.
func (b *bench) make(spread synthetic.Spread, n int, dir string) ([]synthetic.Fork, error) {
	class, err := synthetic.New(b.course, *seed, spread)
	if err != nil {
		return nil, err
	}
	var made []synthetic.Fork
	content, total, untouched := map[string]bool{}, 0, 0
	for i := range n {
		f := class.Fork(i)
		if err := f.Write(filepath.Join(dir, f.ID)); err != nil {
			return nil, err
		}
		made = append(made, f)
		for id, what := range f.Work {
			if total++; what == "skeleton" {
				untouched++
			}
			for _, name := range b.files(id) {
				content[name+f.Files[name]] = true
			}
		}
	}
	fmt.Printf("%s: %d forks, seed %d: %d chapters handed in, %d untouched, %d different contents\n", spread, n, *seed, total, untouched, len(content))
	return made, nil
}

func (b *bench) files(chapter string) (names []string) {
	for i := range b.course.Chapters {
		if ch := &b.course.Chapters[i]; ch.ID == chapter {
			for _, name := range ch.Manifest.Files {
				names = append(names, ch.HandedIn()+"/"+name)
			}
		}
	}
	return names
}

// warmUp compiles what both sides share, so that neither pays for it while it is timed.
func (b *bench) warmUp() error {
	if b.warm {
		return nil
	}
	b.warm = true
	f := synthetic.Fork{Files: map[string]string{}, Work: map[string]string{}}
	for i := range b.course.Chapters {
		ch := &b.course.Chapters[i]
		for _, name := range ch.Manifest.Files {
			data, err := os.ReadFile(filepath.Join(b.course.Dir, "solutions", ch.ID, name))
			if err != nil {
				return err
			}
			f.Files[ch.HandedIn()+"/"+name] = string(data) + "\n// A warm-up.\n"
		}
	}
	dir := filepath.Join(b.work, "warm")
	if err := f.Write(dir); err != nil {
		return err
	}
	if _, err := b.timed(b.grader, "grade", "--submission", dir); err != nil {
		return err
	}
	for i := range b.course.Chapters {
		if _, err := b.plainTest(b.course.Chapters[i].ID, dir); err != nil {
			return err
		}
	}
	return nil
}

// cache is the grader's cache while it is measured.
func (b *bench) cache() string { return filepath.Join(b.work, "cache") }

// forget removes the results that the grader keeps; what is compiled stays.
func (b *bench) forget() error { return os.RemoveAll(filepath.Join(b.cache(), "results")) }

// timed runs a command with the bench's cache. That something did not pass (1), or that
// somebody could not be graded (3), is no error.
func (b *bench) timed(name string, args ...string) (time.Duration, error) {
	cmd := exec.CommandContext(b.ctx, name, args...)
	cmd.Env = append(os.Environ(), "LOCKSTEP_CACHE="+b.cache())
	start := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(start)
	if code := cmd.ProcessState.ExitCode(); code == 1 || code == 3 {
		err = nil
	}
	if err != nil {
		return 0, fmt.Errorf("%s %v: %w\n%s", name, args, err, out)
	}
	return took, nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
