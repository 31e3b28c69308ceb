// Package selfcheck grades the course itself: skeletons must score nothing, references
// and other right answers everything, wrong ones exactly what they declare, every time.
package selfcheck

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"lockstep/grader/internal/course"
	"lockstep/grader/internal/notes"
	"lockstep/grader/internal/pipeline"
	"lockstep/grader/internal/submission"
	"lockstep/grader/internal/verdict"
)

// Problem is one way in which the course is not what it promises.
type Problem struct {
	Chapter string
	Where   string // "wrong/abba.go", "skeleton", "hints.md"
	What    string
}

func (p Problem) String() string { return fmt.Sprintf("%s: %s: %s", p.Chapter, p.Where, p.What) }

// Report is the outcome of checking some chapters.
type Report struct {
	Chapters, Versions int
	Runs               int // of whole chapters
	Known              int // versions that passed before, to the byte, and were not run
	Problems           []Problem
}

// Options are how thorough a check is.
type Options struct {
	Repeat int  // how often each version is run
	Fresh  bool // run what has passed before, too
}

// procs are the values of GOMAXPROCS under which right answers must pass.
var procs = []int{1, 2, 8}

// Check checks the chapters. A version that passed once is known by its content, as go
// test knows a package; more than one run, or Fresh, runs it again. Its error is a
// cancelled context.
func Check(ctx context.Context, g *pipeline.Grader, chapters []course.Chapter, o Options) (Report, error) {
	c := &checker{g: g, Options: o}
	c.group, c.ctx = errgroup.WithContext(ctx)
	c.group.SetLimit(2 * g.Jobs()) // a version being built, and one being run, for each slot
	for i := range chapters {
		c.chapter(&chapters[i])
	}
	c.group.Wait()
	slices.SortFunc(c.problems, func(a, b Problem) int { return strings.Compare(a.String(), b.String()) })
	return Report{Chapters: len(chapters), Versions: c.versions, Runs: int(c.runs.Load()), Known: int(c.known.Load()), Problems: c.problems}, ctx.Err()
}

type checker struct {
	Options
	g        *pipeline.Grader
	group    *errgroup.Group
	ctx      context.Context
	versions int
	runs     atomic.Int64
	known    atomic.Int64

	mu       sync.Mutex
	problems []Problem
}

func (c *checker) add(ch *course.Chapter, where, format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.problems = append(c.problems, Problem{ch.ID, where, fmt.Sprintf(format, args...)})
}

func (c *checker) chapter(ch *course.Chapter) {
	for _, p := range layout(c.g.Course.Dir, ch) {
		c.add(ch, p.Where, "%s", p.What)
	}
	c.group.Go(func() error {
		for _, p := range notes.Verify(filepath.Join(c.g.Course.Dir, "chapters", ch.ID)) {
			c.add(ch, "notes", "%s", p)
		}
		return nil
	})
	c.version(ch, "skeleton", ch.Skeleton, []int{0}, judgeSkeleton)
	solutions := filepath.Join(c.g.Course.Dir, "solutions", ch.ID)
	reference := map[string][]byte{}
	for _, name := range ch.Manifest.Files {
		if data, err := os.ReadFile(filepath.Join(solutions, name)); err == nil {
			reference[name] = data
		}
	}
	if len(reference) < len(ch.Manifest.Files) {
		return // layout has said what is missing
	}
	c.version(ch, "reference", reference, procs, judgeRight)
	c.variants(ch, reference, "right", procs, func([]byte) (judge, error) { return judgeRight, nil })
	c.variants(ch, reference, "wrong", []int{0}, func(data []byte) (judge, error) {
		w, err := parseWant(data)
		return w.compare, err
	})
}

// judge returns what is not right about a result, a line each.
type judge func(*verdict.Chapter) []string

// variants checks every file of solutions/ID/testdata/kind: each replaces the file of
// the reference that its name or, with one file, the manifest says.
func (c *checker) variants(ch *course.Chapter, reference map[string][]byte, kind string, procs []int, judgeOf func([]byte) (judge, error)) {
	files, _ := filepath.Glob(filepath.Join(c.g.Course.Dir, "solutions", ch.ID, "testdata", kind, "*.go"))
	for _, file := range files {
		where := kind + "/" + filepath.Base(file)
		data, err := os.ReadFile(file)
		if err != nil {
			c.add(ch, where, "%v", err)
			continue
		}
		judge, err := judgeOf(data)
		if err != nil {
			c.add(ch, where, "%v", err)
			continue
		}
		version := map[string][]byte{}
		for name, data := range reference {
			version[name] = data
		}
		version[replaces(data, ch)] = data
		c.version(ch, where, version, procs, judge)
	}
}

// replaces returns which of the chapter's files a variant stands for: the one that its
// second line names ("// file: bank.go"), else the first.
func replaces(data []byte, ch *course.Chapter) string {
	for i, line := range strings.SplitN(string(data), "\n", 4) {
		if name, ok := strings.CutPrefix(line, "// file: "); ok && i < 3 {
			return strings.TrimSpace(name)
		}
	}
	return ch.Manifest.Files[0]
}

// version builds one version of a chapter and runs it as often as asked for each procs.
func (c *checker) version(ch *course.Chapter, where string, files map[string][]byte, procs []int, judge judge) {
	c.versions++
	c.group.Go(func() error {
		key, err := c.g.Key(ch, files, where, fmt.Sprint(procs))
		if err != nil {
			c.add(ch, where, "%v", err)
			return nil
		}
		var passed bool
		if c.Repeat == 1 && !c.Fresh && c.g.Cache.Get("checked", key, &passed) && passed {
			c.known.Add(1)
			return nil
		}
		built := c.g.Build(c.ctx, ch, submission.Work{Files: files})
		defer built.Remove()
		for run := range c.Repeat {
			for _, n := range procs {
				result := built.Run(c.ctx, pipeline.RunOptions{Procs: n})
				if c.ctx.Err() != nil {
					return c.ctx.Err()
				}
				c.runs.Add(1)
				differences := judge(&result)
				for _, d := range differences {
					at := ""
					if c.Repeat > 1 || len(procs) > 1 {
						at = fmt.Sprintf(" (run %d of %d, GOMAXPROCS=%d)", run+1, c.Repeat, n)
					}
					c.add(ch, where, "%s%s", d, at)
				}
				if len(differences) > 0 {
					return nil // the first run that differs says enough
				}
			}
		}
		if err := c.g.Cache.Put("checked", key, true); err != nil {
			c.g.Tell.Warn(err.Error())
		}
		return nil
	})
}

func judgeRight(c *verdict.Chapter) []string {
	var out []string
	for _, k := range c.Checks {
		if k.Status != verdict.Pass {
			out = append(out, fmt.Sprintf("%s is %s, want pass%s", k.Name, k.Status, because(k)))
		}
	}
	return out
}

func judgeSkeleton(c *verdict.Chapter) []string {
	if c.Status != verdict.ChapterGraded {
		return []string{fmt.Sprintf("it is %s, want it to compile%s", c.Status, because(c.Checks[0]))}
	}
	var out []string
	for _, k := range c.Checks {
		switch {
		case k.Name == "vet" && k.Status != verdict.Pass:
			out = append(out, "go vet: "+k.Message)
		case k.Name != "vet" && k.Status == verdict.Pass:
			out = append(out, k.Name+" passes, and nothing has been written yet")
		case k.Status == verdict.Trouble || k.Status == verdict.Missing:
			out = append(out, fmt.Sprintf("%s is %s%s", k.Name, k.Status, because(k)))
		}
	}
	return out
}
