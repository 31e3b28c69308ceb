// Package selfcheck grades the course itself: skeletons must score nothing, references
// and other right answers everything, wrong ones exactly what they declare, every time.
package selfcheck

import (
	"context"
	"fmt"
	"maps"
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
	Repeat int  // how often each version is run, at the least
	Fresh  bool // run what has passed as often before, too
}

// expectation is what a version must get, run after run.
type expectation struct {
	judge judge
	procs []int    // the values of GOMAXPROCS, in turn: each at least once
	again []string // the checks that runs after the first are about; nil for all
}

var (
	asRight    = expectation{judge: judgeRight, procs: []int{1, 2, 8}}
	asSkeleton = expectation{judge: judgeSkeleton, procs: []int{0}}
)

// Check checks the chapters. A version that was as expected is known by its content, as
// go test knows a package, and so is how often: only what is missing is run, or with Fresh all.
// Its error is a cancelled context.
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
	c.version(ch, "skeleton", ch.Skeleton, asSkeleton)
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
	c.version(ch, "reference", reference, asRight)
	c.variants(ch, reference, "right", func([]byte) (expectation, error) { return asRight, nil })
	c.variants(ch, reference, "wrong", func(data []byte) (expectation, error) {
		w, err := parseWant(data)
		return expectation{w.compare, []int{0}, slices.Collect(maps.Keys(w))}, err
	})
}

// judge returns what is not right about a result, a line each.
type judge func(*verdict.Chapter) []string

// variants checks every file of solutions/ID/testdata/kind: each replaces the file of
// the reference that its name or, with one file, the manifest says.
func (c *checker) variants(ch *course.Chapter, reference map[string][]byte, kind string, expect func([]byte) (expectation, error)) {
	files, _ := filepath.Glob(filepath.Join(c.g.Course.Dir, "solutions", ch.ID, "testdata", kind, "*.go"))
	for _, file := range files {
		where := kind + "/" + filepath.Base(file)
		data, err := os.ReadFile(file)
		if err != nil {
			c.add(ch, where, "%v", err)
			continue
		}
		e, err := expect(data)
		if err != nil {
			c.add(ch, where, "%v", err)
			continue
		}
		version := map[string][]byte{}
		for name, data := range reference {
			version[name] = data
		}
		version[replaces(data, ch)] = data
		c.version(ch, where, version, e)
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

// version builds one version of a chapter and runs it as often as asked. Runs of a wrong
// one after the first are about what it is caught by; that checks never complain without
// a reason is what the right ones are run again for.
func (c *checker) version(ch *course.Chapter, where string, files map[string][]byte, e expectation) {
	c.versions++
	c.group.Go(func() error {
		key, err := c.g.Key(ch, files, where, fmt.Sprint(e.procs))
		if err != nil {
			c.add(ch, where, "%v", err)
			return nil
		}
		runs, before := max(c.Repeat, len(e.procs)), 0
		if !c.Fresh {
			c.g.Cache.Get("checked", key, &before)
		}
		if before >= runs {
			c.known.Add(1)
			return nil
		}
		built := c.g.Build(c.ctx, ch, submission.Work{Files: files})
		defer built.Remove()
		for run := before; run < runs; run++ {
			o := pipeline.RunOptions{Procs: e.procs[run%len(e.procs)]}
			if run > 0 {
				o.Only = e.again
			}
			result := built.Run(c.ctx, o)
			if c.ctx.Err() != nil {
				return c.ctx.Err()
			}
			c.runs.Add(1)
			differences := e.judge(&result)
			for _, d := range differences {
				if runs > 1 {
					d += fmt.Sprintf(" (run %d of %d, GOMAXPROCS=%d)", run+1, runs, o.Procs)
				}
				c.add(ch, where, "%s", d)
			}
			if len(differences) > 0 {
				return nil // the first run that differs says enough
			}
			if err := c.g.Cache.Put("checked", key, run+1); err != nil {
				c.g.Tell.Warn(err.Error())
			}
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
