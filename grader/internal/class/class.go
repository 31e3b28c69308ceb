// Package class grades the submissions of a class. What is equal is graded once, what is
// finished is never done again, and one student's trouble stops nobody: results go to a
// folder one by one, and the reports are made from what is there.
package class

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"lockstep/grader/internal/cache"
	"lockstep/grader/internal/class/repo"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/report"
	"lockstep/grader/internal/verdict"
)

// Options says what to grade of a class, and how.
type Options struct {
	Before       time.Time // take the last state from before; zero for the last
	Branch       string    // "" for each repository's main branch
	Only         []string  // ids; nil for all
	Shard        Shard
	RetryTrouble bool // only those that had trouble the last time
	Jobs         int  // pieces of work that are graded at a time
	Sandbox      string
	Tell         Progress
}

// Progress is told of every student, one at a time.
type Progress interface {
	Begin(of int)
	Student(done, of int, m *report.Member)
}

// window is how many students are in memory at a time, for each job. Some of them wait for
// the network, some for a content that another has handed in, too.
const window = 4

// Grade grades a class and writes a result and a page for each student to out. The error is
// for what keeps everybody from being graded, a full disk for one, and for a cancelled
// context.
func Grade(ctx context.Context, g Grader, chapters []course.Chapter, s *Source, run *Run, out *Out, o Options) error {
	defer frugal()()
	if err := out.putRun(run); err != nil {
		return err
	}
	todo, err := o.choose(s, out)
	if err != nil {
		return err
	}
	c := &grading{
		chapters: chapters, grader: g, out: out, options: o, of: len(todo),
		units: units{grader: g, kept: cache.At(filepath.Join(out.dir, unitsDir)), slots: make(chan struct{}, 2*o.Jobs)},
		reader: reader{
			chapters: chapters, wanted: Wanted(chapters), clones: filepath.Join(out.dir, clonesDir), before: o.Before, branch: o.Branch,
			git: sync.OnceValues(func() (*repo.Git, error) { return repo.Open(ctx) }),
		},
	}
	o.Tell.Begin(len(todo))
	var students errgroup.Group
	students.SetLimit(window * o.Jobs)
	for _, e := range todo {
		if ctx.Err() != nil || c.fatal() != nil {
			break
		}
		students.Go(func() error { c.student(ctx, e); return nil })
	}
	students.Wait()
	return errors.Join(ctx.Err(), c.fatal())
}

// choose returns the students that are graded in this run.
func (o *Options) choose(s *Source, out *Out) ([]Entry, error) {
	for _, id := range o.Only {
		if !slices.ContainsFunc(s.Entries, func(e Entry) bool { return e.ID == id }) {
			return nil, &course.UnknownError{What: "student", Name: id, Nearest: course.Nearest(id, s.ids())}
		}
	}
	var todo []Entry
	for i, e := range s.Entries {
		if !o.Shard.has(i) || o.Only != nil && !slices.Contains(o.Only, e.ID) {
			continue
		}
		if o.RetryTrouble {
			if m, err := out.get(e.ID); err == nil && m.Trouble == "" {
				continue
			}
		}
		todo = append(todo, e)
	}
	return todo, nil
}

func (s *Source) ids() []string {
	var ids []string
	for _, e := range s.Entries {
		ids = append(ids, e.ID)
	}
	return ids
}

// grading is one run.
type grading struct {
	chapters []course.Chapter
	grader   Grader
	units    units
	reader   reader
	out      *Out
	options  Options

	mu     sync.Mutex
	done   int
	of     int
	failed error
}

// fatal is what keeps everybody from being graded.
func (c *grading) fatal() error {
	if err := c.grader.Lack(); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// student grades one student and writes what came of it. A run that is interrupted
// writes nothing half done.
func (c *grading) student(ctx context.Context, e Entry) {
	m := c.member(ctx, e)
	if ctx.Err() != nil || c.fatal() != nil {
		return
	}
	err := c.out.put(m)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		// It is not only this student's: the folder is full, or gone.
		c.failed = &OutError{fmt.Sprintf("the result of %s cannot be written: %v", e.ID, err), "make room and run it again: what is finished is kept"}
		return
	}
	c.done++
	c.options.Tell.Student(c.done, c.of, m)
}

// member grades one student.
func (c *grading) member(ctx context.Context, e Entry) *report.Member {
	m := &report.Member{ID: e.ID, Name: e.Name, Username: e.Username, Repo: e.Where, Branch: e.Branch}
	work, err := c.reader.read(ctx, e)
	if err != nil {
		m.Trouble = err.Error()
		return m
	}
	m.Branch, m.Submitted, m.Flags, m.Content = work.branch, work.submitted, work.flags, map[string]string{}
	m.Result = &verdict.Result{
		Course: course.Name, Submission: verdict.Submission{ID: e.ID, Commit: work.commit},
		Chapters: make([]verdict.Chapter, len(c.chapters)), Sandbox: c.options.Sandbox,
	}
	var wg sync.WaitGroup
	for i := range c.chapters {
		m.Content[c.chapters[i].ID] = content(c.chapters[i].Manifest.Files, work.works[i].Files)
		wg.Go(func() { m.Result.Chapters[i] = c.units.grade(ctx, &c.chapters[i], work.works[i]) })
	}
	wg.Wait()
	for i := range m.Result.Chapters {
		if m.Trouble == "" {
			m.Trouble = troubleIn(&m.Result.Chapters[i])
		}
	}
	return m
}

// content names what files hold: the same for the same content, on any machine.
func content(names []string, files map[string][]byte) string {
	if len(files) == 0 {
		return ""
	}
	const digits = 16
	k := cache.NewKey("content")
	for _, name := range names {
		k.Add([]byte(name))
		k.Add(files[name])
	}
	return k.Sum()[:digits]
}
