//go:build grade

package hidden

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	semaphore "lockstep/chapters/07-semaphore"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// permits is what both semaphores are, to a story.
type permits interface {
	Acquire(ctx context.Context, n int) error
	TryAcquire(n int) bool
	Release(n int) error
}

// singles is a Semaphore, from which several permits are taken one after the other.
type singles struct{ *semaphore.Semaphore }

func newSingles(size int) permits  { return singles{semaphore.New(size)} }
func newWeighted(size int) permits { return semaphore.NewWeighted(size) }

func (s singles) Acquire(ctx context.Context, n int) (err error) {
	for ; n > 0 && err == nil; n-- {
		err = s.Semaphore.Acquire(ctx)
	}
	return err
}

func (s singles) TryAcquire(n int) bool {
	for ; n > 0; n-- {
		if !s.Semaphore.TryAcquire() {
			return false
		}
	}
	return true
}

func (s singles) Release(n int) (err error) {
	for ; n > 0 && err == nil; n-- {
		err = s.Semaphore.Release()
	}
	return err
}

// A story is who waits for how many permits, and what becomes of them.
type story struct {
	size, taken int    // permits, and how many are taken at first
	line        string // who comes, one after the other: "a3 b1", a for 3 permits, then b for 1
	turns       []turn // what happens then
}

// A turn is what happens at the same time: "-a", the context of a ends; "+2", 2 permits come
// back; "c1", c comes for 1. In is who may have got in by then, since the beginning: "ac|b".
type turn struct{ does, in string }

// tell tells stories, each in some orders; most of their turns have only a few.
func tell(t *testing.T, some func(size int) permits, stories []story) {
	t.Helper()
	for _, s := range stories {
		interleave.Explore(t, func(t *testing.T) { s.tell(t, some(s.size)) },
			interleave.Preemptions(1), interleave.Budget(20), interleave.Schedules(5))
	}
}

// A guest is somebody who comes for permits. Its counts are 0 or 1.
type guest struct {
	name          string
	n             int
	cancel        func()
	in, went, end exam.Count // has got its permits, has not, its context has ended
	err           error
}

// soonTrue waits until f is true, but not longer than what looks now and then may take.
func soonTrue(f func() bool) {
	for start := time.Now(); ; {
		if settle(); f() || time.Since(start) >= time.Second {
			return
		}
	}
}

func (s story) tell(t *testing.T, p permits) {
	t.Helper()
	var (
		guests []*guest
		all    sync.WaitGroup
		refuse exam.Count // Releases that returned an error
		back   int        // permits that came back
	)
	names := func(which func(*guest) bool) (names string) {
		for _, g := range guests {
			if which(g) {
				names += g.name
			}
		}
		return names
	}
	in := func() string { return names(func(g *guest) bool { return g.in.Load() > 0 }) }
	waits := func(g *guest) bool { return g.in.Load()+g.went.Load() == 0 }
	late := func() string { return names(func(g *guest) bool { return waits(g) && g.end.Load() > 0 }) }
	held := func() int {
		n := s.taken - back
		for _, g := range guests {
			n += g.n * g.in.Load()
		}
		return n
	}
	move := func(what string) (said string) {
		n, _ := strconv.Atoi(what[1:])
		switch what[0] {
		case '+':
			back += n
			all.Go(func() {
				if p.Release(n) != nil {
					refuse.Add()
				}
			})
			return fmt.Sprintf("%d come back", n)
		case '-':
			g := guests[slices.IndexFunc(guests, func(g *guest) bool { return g.name == what[1:] })]
			all.Go(func() { g.cancel(); g.end.Add() })
			return g.name + " gives up"
		default:
			ctx, cancel := context.WithCancel(background)
			g := &guest{name: what[:1], n: n, cancel: cancel}
			guests = append(guests, g)
			all.Go(func() {
				if g.err = p.Acquire(ctx, n); g.err == nil {
					g.in.Add()
				} else {
					g.went.Add()
				}
			})
			return fmt.Sprintf("%s comes for %d", g.name, n)
		}
	}

	if s.taken > 0 {
		exam.Error(t, fmt.Sprintf("Acquire of %d", s.taken), p.Acquire(background, s.taken), nil, "all permits are free")
	}
	when, then := fmt.Sprintf("%d of %d permits are taken", s.taken, s.size), ": "
	var turns []turn
	for _, who := range strings.Fields(s.line) {
		turns = append(turns, turn{who, ""})
	}
	for _, turn := range append(turns, s.turns...) {
		var said []string
		for _, what := range strings.Fields(turn.does) {
			said = append(said, move(what))
		}
		when += then + strings.Join(said, " and at the same time ")
		then = ", then "
		want := strings.Split(turn.in, "|")
		soonTrue(func() bool { return slices.Contains(want, in()) && late() == "" })
		exam.OneOf(t, "those whose Acquire has returned nil", in(), want, when)
		exam.Equal(t, "those whose ctx has ended, and who wait on", late(), "", when)
		if t.Failed() {
			break
		}
	}
	if w, ok := p.(*semaphore.Weighted); ok && !t.Failed() {
		taken, who := held(), "nobody waits"
		free := s.size - taken
		if waiting := names(waits); waiting != "" {
			free, who = 0, fmt.Sprintf("%q wait", waiting)
		}
		now := fmt.Sprintf("%s: by then %d of %d permits are taken, and %s", when, taken, s.size, who)
		exam.Error(t, fmt.Sprintf("Release(%d)", taken+1), w.Release(taken+1), semaphore.ErrReleased, now)
		n := max(free, 1)
		exam.Equal(t, fmt.Sprintf("TryAcquire(%d)", n), w.TryAcquire(n), free > 0, now)
		s.taken += free
	}
	for n := held(); n > 0; n = held() { // until everybody has had his turn
		back += n
		if err := p.Release(n); err != nil {
			exam.Error(t, fmt.Sprintf("Release of %d", n), err, nil, fmt.Sprintf("%d permits are taken: %s, and %q have got in", n, when, in()))
			break
		}
		soonTrue(func() bool { return held() > 0 || names(waits) == "" })
	}
	exam.Equal(t, "those who wait, in the end", names(waits), "", "whoever got in has released what he had: "+when)
	for _, g := range guests {
		if waits(g) {
			g.cancel()
		}
	}
	all.Wait()
	if t.Failed() {
		return
	}
	for _, g := range guests {
		if g.err != nil {
			exam.Error(t, "Acquire of "+g.name, g.err, context.Canceled, when)
		}
	}
	exam.Equal(t, "Releases of permits that were taken, which returned an error", refuse.Load(), 0, when)
	const free = "all permits have come back: "
	exam.Equal(t, fmt.Sprintf("TryAcquire of %d", s.size), p.TryAcquire(s.size), true, free+when)
	if slices.ContainsFunc(guests, func(g *guest) bool { return g.end.Load() > 0 }) { // else there is no need of contexts yet
		ctx, stop := context.WithTimeout(background, time.Second)
		defer stop()
		exam.Error(t, "Acquire of 1", p.Acquire(ctx, 1), context.DeadlineExceeded, "all permits are taken, and ctx ends after a second: "+when)
	}
	exam.Error(t, fmt.Sprintf("Release of %d", s.size), p.Release(s.size), nil, "as many are taken: "+when)
	exam.Error(t, "Release of 1", p.Release(1), semaphore.ErrReleased, free+when)
}

// refused explores a call that takes nothing and gives nothing back, beside one that takes
// all permits: not even for a moment is one fewer free, or does somebody wait.
func refused(t *testing.T, some func(size int) permits, size int, what string, call func(t *testing.T, p permits)) {
	t.Helper()
	interleave.Explore(t, func(t *testing.T) {
		p := some(size)
		var got bool
		exam.Together(func() { call(t, p) }, func() { got = p.TryAcquire(size) })
		exam.Equal(t, fmt.Sprintf("TryAcquire of %d", size), got, true, "all permits are free, and another goroutine does no more than "+what+", which is refused")
		exam.Equal(t, "TryAcquire of 1", p.TryAcquire(1), false, "all permits are taken, after "+what+", which was refused")
	})
}

// backTwice explores two who give back at the same time what has been taken once.
func backTwice(t *testing.T, some func(size int) permits, n int) {
	t.Helper()
	interleave.Explore(t, func(t *testing.T) {
		p := some(n)
		p.Acquire(background, n)
		var errs [2]error
		exam.Together(
			func() { errs[0] = p.Release(n) },
			func() { errs[1] = p.Release(n) },
		)
		if errs[0] != nil {
			errs[0], errs[1] = errs[1], errs[0]
		}
		const when = "two release at the same time what was taken once"
		call := fmt.Sprintf("Release of %d", n)
		exam.Error(t, call+", of the one", errs[0], nil, when)
		exam.Error(t, call+", of the other", errs[1], semaphore.ErrReleased, when)
	})
}

// sideBySide explores an Acquire, a TryAcquire and a Release at the same time, each of 1 permit. One
// of 2 permits is taken, so there is one for each of them in the end.
func sideBySide(t *testing.T, some func(size int) permits) {
	t.Helper()
	interleave.Explore(t, func(t *testing.T) {
		p := some(2)
		p.Acquire(background, 1)
		var got bool
		var err error
		exam.Together(
			func() { p.Acquire(background, 1) },
			func() { got = p.TryAcquire(1) },
			func() { err = p.Release(1) },
		)
		when := fmt.Sprintf("1 of 2 permits was taken; at the same time Acquire takes 1, TryAcquire takes 1 or none (it returned %t), and Release gives 1 back", got)
		exam.Error(t, "Release of 1", err, nil, when)
		if !got {
			exam.Equal(t, "TryAcquire of 1", p.TryAcquire(1), true, "then, 1 of 2 permits is free: "+when)
		}
		exam.Equal(t, "TryAcquire of 1", p.TryAcquire(1), false, "in the end, both permits are taken: "+when)
		exam.Error(t, "Release of 2", p.Release(2), nil, "in the end, both permits are taken: "+when)
		exam.Error(t, "Release of 1", p.Release(1), semaphore.ErrReleased, "all permits have come back: "+when)
	})
}

// twins tells of two semaphores that have nothing to do with each other.
func twins(t *testing.T, some func(size int) permits) {
	t.Helper()
	for _, first := range []int{0, 1} {
		interleave.Explore(t, func(t *testing.T) {
			var in [2]exam.Count
			two := [2]permits{some(1), some(1)}
			wait := func(i int) { two[i].Acquire(background, 1); in[i].Add() }
			exam.Error(t, "Acquire of 1", two[0].Acquire(background, 1), nil, "of a semaphore with 1 permit")
			exam.Error(t, "Release of 1", two[1].Release(1), semaphore.ErrReleased, "of another semaphore, whose permits are free")
			exam.Error(t, "Acquire of 1", two[1].Acquire(background, 1), nil, "of another semaphore with 1 permit")
			exam.Together(
				func() { wait(0) },
				func() { settle(); wait(1) },
				func() {
					settle()
					settle()
					exam.Error(t, "Release of 1", two[first].Release(1), nil, "its permit is taken, and somebody waits")
					soonTrue(func() bool { return in[first].Load() > 0 })
					exam.Equal(t, "Acquires that have returned, of one who waited", in[first].Load(), 1, "a permit came back")
					exam.Equal(t, "Acquires that have returned, of one who waits for a permit of another semaphore", in[1-first].Load(), 0, "none came back there")
					two[1-first].Release(1)
				},
			)
		}, interleave.Preemptions(1), interleave.Budget(20), interleave.Schedules(5))
	}
}
