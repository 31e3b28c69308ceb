// Package pipeline grades: it calls course, submission, policy, stage, gotest, sandbox,
// evidence and verdict in order, with bounded workers and results in course order.
package pipeline

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"lockstep/grader/interleave/rewrite"
	"lockstep/grader/internal/cache"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/gotest"
	"lockstep/grader/internal/sandbox"
	"lockstep/grader/internal/submission"
	"lockstep/grader/internal/verdict"
)

// Progress is told what is going on. Its methods may be called by any goroutine.
type Progress interface {
	Doing(what string)      // a phrase, "building 05-lock"
	Compiling(packages int) // the first compile on this machine, so far
	Warn(what string)       // something without an effect on any result
}

// Grader grades submissions against one course. It may be used by several goroutines.
type Grader struct {
	Course *course.Course
	Tools  *gotest.Toolchain
	Box    sandbox.Sandbox
	Cache  *cache.Cache
	Work   string // a directory of this run's own, removed by the caller
	Tell   Progress
	slots  chan struct{}

	setup   atomic.Pointer[gotest.SetupError] // what the machine lacks
	machine func() (string, error)
	exports exports
}

// New returns a grader that runs at most jobs builds and checks at a time.
func New(c *course.Course, tools *gotest.Toolchain, box sandbox.Sandbox, store *cache.Cache, work string, jobs int, tell Progress) *Grader {
	tools.Confine(box)
	g := &Grader{Course: c, Tools: tools, Box: box, Cache: store, Work: work, Tell: tell, slots: make(chan struct{}, jobs)}
	g.machine = sync.OnceValues(func() (string, error) { return machineKey(c.Root, tools.Version, box.Name()) })
	g.exports.known = map[string][]rewrite.Dependency{}
	return g
}

// Jobs is how many builds and checks run at a time at most.
func (g *Grader) Jobs() int { return cap(g.slots) }

// Grade grades the chapters of the checkout in dir. The error is for a checkout that
// cannot be read and for a cancelled context; whatever happens to one chapter is in
// its result.
func (g *Grader) Grade(ctx context.Context, chapters []course.Chapter, dir string) (*verdict.Result, error) {
	result := &verdict.Result{Course: course.Name, Sandbox: g.Box.Name(), Chapters: make([]verdict.Chapter, len(chapters))}
	works := make([]submission.Work, len(chapters))
	for i := range chapters {
		work, err := submission.Read(dir, &chapters[i])
		if err != nil {
			return nil, err
		}
		works[i] = work
	}
	var wg sync.WaitGroup
	for i := range chapters {
		wg.Go(func() { result.Chapters[i] = g.Chapter(ctx, &chapters[i], works[i]) })
	}
	wg.Wait()
	if err := g.Lack(); err != nil {
		return nil, err // it is the same for every chapter: say it once
	}
	return result, ctx.Err()
}

// Lack returns what grading found the machine to lack, a *gotest.SetupError, or nil.
func (g *Grader) Lack() error {
	if lack := g.setup.Load(); lack != nil {
		return lack
	}
	return nil
}

// Chapter grades the work on one chapter, or finds that it was graded before.
func (g *Grader) Chapter(ctx context.Context, ch *course.Chapter, work submission.Work) verdict.Chapter {
	if work.NotStarted(ch) {
		out := uniform(ch, verdict.ChapterNotStarted, verdict.NotStarted)
		out.Notes = work.Notes
		return out
	}
	if len(work.Problems) > 0 { // the files are not all that there is to know: not for the cache
		out := problems(ch, work.Problems)
		out.Notes = work.Notes
		return out
	}
	key, err := g.Key(ch, work.Files)
	if err != nil {
		return trouble(ch, err)
	}
	var out verdict.Chapter
	if g.Cache.Get("results", key, &out) && out.ID == ch.ID {
		out.Cached = true
	} else {
		out = g.grade(ctx, ch, work)
		if ctx.Err() == nil && Lasting(&out) {
			if err := g.Cache.Put("results", key, out); err != nil {
				g.Tell.Warn(fmt.Sprintf("the result of %s could not be kept: %v", ch.ID, err))
			}
		}
	}
	out.Notes = work.Notes
	return out
}

func (g *Grader) grade(ctx context.Context, ch *course.Chapter, work submission.Work) verdict.Chapter {
	built := g.Build(ctx, ch, work)
	defer built.Remove()
	out := built.Run(ctx, RunOptions{})
	markOpen(&out, ch, work.Files)
	return out
}

// Replay runs one check of the work on a chapter under the schedule that a seed names,
// and nothing else. Nothing of it is kept.
func (g *Grader) Replay(ctx context.Context, ch *course.Chapter, work submission.Work, check, seed string) verdict.Chapter {
	built := g.Build(ctx, ch, work)
	defer built.Remove()
	return built.Run(ctx, RunOptions{Only: []string{check}, Seed: seed})
}

// Key names everything that the result of a chapter depends on, and what more is given.
func (g *Grader) Key(ch *course.Chapter, files map[string][]byte, more ...string) (string, error) {
	machine, err := g.machine()
	if err != nil {
		return "", err
	}
	key, err := chapterKey(machine, g.Course.Root, ch, files)
	if err != nil || len(more) == 0 {
		return key, err
	}
	return cache.NewKey(append(more, key)...).Sum(), nil
}

// Lasting reports whether a result says something about the work alone, and nothing
// about how busy the machine was: only that is kept.
func Lasting(c *verdict.Chapter) bool {
	if c.Status == verdict.ChapterTrouble {
		return false
	}
	for _, k := range c.Checks {
		switch k.Status {
		case verdict.Timeout, verdict.Trouble, verdict.OutOfMemory, verdict.Missing:
			return false
		}
	}
	return true
}

// slot waits for one of the grader's slots and returns what frees it.
func (g *Grader) slot(ctx context.Context) (free func(), err error) {
	select {
	case g.slots <- struct{}{}:
		return func() { <-g.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
