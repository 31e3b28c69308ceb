package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"lockstep/grader/internal/cache"
	"lockstep/grader/internal/class"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/report"
	"lockstep/grader/internal/submission"
	"lockstep/grader/internal/synthetic"
	"lockstep/grader/internal/verdict"
)

// memory grades classes in which every content is another, with results made up instead
// of run, each in a process of its own, and tells the peak of its memory.
func (b *bench) memory() error {
	if *members == "" {
		return nil
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for size := range strings.SplitSeq(*members, ",") {
		progress("memory: a class of %s", size)
		dir := filepath.Join(b.work, "memory-"+size)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		cmd := exec.CommandContext(b.ctx, self, "-simulate", size)
		cmd.Dir, cmd.Stderr = b.course.Dir, os.Stderr
		cmd.Env = append(os.Environ(), "LOCKSTEP_SIMULATE="+dir)
		out, err := cmd.Output()
		progress("")
		if err != nil {
			return fmt.Errorf("a simulated class of %s: %w", size, err)
		}
		fmt.Printf("memory of a simulated class of %6s: %s", size, out)
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
	}
	return nil
}

// simulated grades a simulated class of n forks and prints the process's peak memory.
func simulated(ctx context.Context, c *course.Course, n int) error {
	dir := os.Getenv("LOCKSTEP_SIMULATE")
	forks := filepath.Join(dir, "forks")
	for i := range n {
		f := synthetic.Fork{ID: fmt.Sprintf("student-%05d", i), Files: map[string]string{}}
		for j := range c.Chapters {
			ch := &c.Chapters[j]
			for _, name := range ch.Manifest.Files {
				f.Files[ch.HandedIn()+"/"+name] = fmt.Sprintf("%s// Student %d.\n", ch.Skeleton[name], i)
			}
		}
		if err := f.Write(filepath.Join(forks, f.ID)); err != nil {
			return err
		}
	}
	chapters, err := c.Select()
	if err != nil {
		return err
	}
	s, err := class.OpenSource(forks, "", dir, class.Wanted(chapters))
	if err != nil {
		return err
	}
	run, err := class.NewRun(c, chapters, s, time.Time{}, class.Shard{})
	if err != nil {
		return err
	}
	out, err := class.OpenOut(filepath.Join(dir, "out"), run)
	if err != nil {
		return err
	}
	defer out.Close()
	if err := class.Grade(ctx, madeUp{}, chapters, s, run, out, class.Options{Jobs: 2, Sandbox: "none", Tell: silent{}}); err != nil {
		return err
	}
	if _, err := class.Publish(out, run); err != nil {
		return err
	}
	fmt.Println(peak())
	return nil
}

// madeUp makes results up: mostly passes, and failures with all that they say.
type madeUp struct{}

func (madeUp) Lack() error { return nil }

func (madeUp) Key(ch *course.Chapter, files map[string][]byte, more ...string) (string, error) {
	k := cache.NewKey(append(more, ch.ID)...)
	for _, name := range ch.Manifest.Files {
		k.Add(files[name])
	}
	return k.Sum(), nil
}

func (g madeUp) Chapter(_ context.Context, ch *course.Chapter, work submission.Work) verdict.Chapter {
	h := fnv.New64a()
	for _, name := range ch.Manifest.Files {
		h.Write(work.Files[name])
	}
	lot := h.Sum64()
	out := verdict.Chapter{ID: ch.ID, Title: ch.Manifest.Title, Status: verdict.ChapterGraded}
	for _, k := range ch.Checks {
		one := verdict.Check{Name: k.Name, Todo: k.Todo, Title: k.Title, Status: verdict.Pass, Points: k.Points, MaxPoints: k.Points, Guarantee: "all 1,204 schedules with up to 2 pre-emptions"}
		if lot = lot*6364136223846793005 + 1442695040888963407; lot>>62 == 0 {
			one.Status, one.Points, one.Guarantee = verdict.Race, 0, ""
			one.Message = fmt.Sprintf("a line of its own: two goroutines meet at answer.go:%d", lot>>40)
			one.Detail = strings.Repeat("step  main                    G1 transfer(a→b)        G2 transfer(b→a)\n", 60)
		}
		out.Checks = append(out.Checks, one)
	}
	return out
}

type silent struct{}

func (silent) Begin(int) {}

func (silent) Student(int, int, *report.Member) {}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak is the most memory that this process ever had, where the system tells.
func peak() string {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "not measured: this system has no /proc"
	}
	m := highWater.FindSubmatch(data)
	if m == nil {
		return "not measured: /proc/self/status does not tell"
	}
	kib, _ := strconv.Atoi(string(m[1]))
	return fmt.Sprintf("%d MB at its peak", kib>>10)
}
