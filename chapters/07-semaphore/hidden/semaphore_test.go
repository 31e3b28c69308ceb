//go:build grade

package hidden

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	semaphore "lockstep/chapters/07-semaphore"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

func TestMain(m *testing.M) { exam.Main(m, semaphore.ErrReleased, semaphore.ErrTooLarge) }

var background = context.Background()

// settle returns when everybody else has done what can be done without the caller: time
// passes in an exploration only when nobody can run, and whoever polls looks now and then.
func settle() { time.Sleep(25 * time.Millisecond) }

// soon is how long after the end of its context a call may return: in virtual time, so for
// one who looks now and then, not for a slow machine.
const soon = 100 * time.Millisecond

// errCause is why contexts end here, which Err does not say.
var errCause = errors.New("cause, which is not what Err says")

// ended returns a context that has ended already.
func ended() context.Context {
	ctx, cancel := context.WithCancelCause(background)
	cancel(errCause)
	return ctx
}

// endless returns a context that could end and does not: what waits for that is left behind.
func endless() context.Context {
	ctx, cancel := context.WithCancel(background)
	_ = cancel
	return ctx
}

// hundreds are more than anybody may make room for in advance.
const hundreds = 1500

// earlier explores an Acquire of 1 permit, all of which are taken, whose context has a deadline and is
// cancelled long before.
func earlier(t *testing.T, some func(size int) permits) {
	t.Helper()
	interleave.Explore(t, func(t *testing.T) {
		p := some(1)
		p.Acquire(background, 1)
		ctx, cancel := context.WithTimeout(background, time.Hour)
		start := time.Now()
		var err error
		var took time.Duration
		exam.Together(
			func() { err = p.Acquire(ctx, 1); took = time.Since(start) },
			func() { settle(); cancel() },
		)
		const when = "the only permit is taken, and ctx, which has an hour, is cancelled after 25ms"
		exam.Error(t, "Acquire of 1", err, context.Canceled, when)
		if took > time.Second {
			t.Errorf("Acquire of 1 took %v, want 25ms: %s", took, when)
		}
	})
}

// patient explores an Acquire of 1 permit that waits, for whatever time.
func patient(t *testing.T, some func(size int) permits) {
	t.Helper()
	interleave.Explore(t, func(t *testing.T) {
		p := some(1)
		p.Acquire(background, 1)
		var err error
		exam.Together(
			func() { err = p.Acquire(endless(), 1) },
			func() { runtime.Gosched(); p.Release(1) },
		)
		exam.Error(t, "Acquire of 1", err, nil, "the only permit is taken and comes back, however much time has passed by then, and ctx does not end")
	}, interleave.DaysMayPass())
}

// TestAcquire checks that Acquire waits when all permits are taken, until one comes back.
//
//grade:todo 7.1
//grade:points 2
func TestAcquire(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(2)
		var third exam.Count
		exam.Error(t, "Acquire(ctx)", s.Acquire(background), nil, "2 of 2 permits are free")
		exam.Error(t, "Acquire(ctx)", s.Acquire(background), nil, "1 of 2 permits is free")
		done := make(chan error)
		go func() {
			err := s.Acquire(background)
			third.Add()
			done <- err
		}()
		settle()
		exam.Equal(t, "times that a third Acquire(ctx) has returned", third.Load(), 0, "both permits are taken")
		exam.Error(t, "Release()", s.Release(), nil, "both permits are taken")
		exam.Error(t, "Acquire(ctx)", <-done, nil, "it waited, and a permit came back")
	})
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(1)
		s.Acquire(background)
		var err error
		exam.Together(func() { err = s.Acquire(endless()) }, func() { settle(); s.Release() })
		exam.Error(t, "Acquire(ctx)", err, nil, "it waited, a permit came back, and ctx did not end")
	})
	patient(t, newSingles)
}

// TestPermitsLimit checks that as many get in as there are permits, no more, and everybody in the end.
//
//grade:todo 7.1
//grade:points 2
//grade:needs TestAcquire
func TestPermitsLimit(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(2)
		var inside exam.Peak
		both := exam.NewRendezvous(t, 2, "holders of the 2 permits")
		use := func() {
			s.Acquire(background)
			inside.Enter()
			both.Meet()
			inside.Leave()
			s.Release()
		}
		exam.Together(use, use, func() { use(); use() })
		exam.Equal(t, "holders at the same time", inside.Most(), 2, "of 2 permits, which three goroutines want")
	})
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(1)
		total := 0
		add := func() {
			s.Acquire(background)
			total++
			s.Release()
		}
		exam.Together(add, add, add)
		exam.Equal(t, "total", total, 3, "three goroutines have added 1, each with the only permit")
	})
	twins(t, newSingles)
	tell(t, newSingles, []story{
		{1, 1, "a1 b1", []turn{{"+1", "a|b"}}},
		{2, 2, "a1 b1", []turn{{"+2", "ab"}}},
		{2, 2, "a1 b1", []turn{{"+1 +1", "ab"}}},
		{2, 2, "a1", []turn{{"b1 +1", "a|b"}, {"+1", "ab"}}},
		{3, 3, "a1 b1 c1", []turn{{"+2", "ab|ac|bc"}, {"+1", "abc"}}},
	})
}

// TestTryAcquire checks that TryAcquire takes what is free, and never waits.
//
//grade:todo 7.1
//grade:points 1
//grade:needs TestAcquire
func TestTryAcquire(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(2)
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), true, "2 of 2 permits are free")
		exam.Error(t, "Acquire(ctx)", s.Acquire(background), nil, "1 of 2 permits is free")
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), false, "both permits are taken")
		exam.Error(t, "Release()", s.Release(), nil, "both permits are taken")
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), true, "one permit came back")
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), false, "both permits are taken again")
	})
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(1)
		s.Acquire(background)
		exam.Together(
			func() { s.Acquire(background) },
			func() {
				settle()
				exam.Equal(t, "TryAcquire()", s.TryAcquire(), false, "the only permit is taken, and an Acquire waits for it")
				s.Release()
			},
		)
	})
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(2)
		var got exam.Count
		try := func() {
			if s.TryAcquire() {
				got.Add()
			}
		}
		exam.Together(try, try, try)
		exam.Equal(t, "times that TryAcquire returned true", got.Load(), 2, "three try at the same time, for 2 permits")
	})
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(1)
		var first, again, other bool
		exam.Together(
			func() {
				if first = s.TryAcquire(); first {
					s.Release()
					again = s.TryAcquire()
				}
			},
			func() { other = s.TryAcquire() },
		)
		if first && !again && !other {
			t.Error("TryAcquire() = false, want true: the only permit came back, and all that another goroutine has done is a TryAcquire that returned false")
		}
	})
}

// TestReleaseTooOften checks that Release gives back no more than was taken.
//
//grade:todo 7.1
//grade:points 2
//grade:needs TestTryAcquire
func TestReleaseTooOften(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(2)
		exam.Error(t, "Release()", s.Release(), semaphore.ErrReleased, "nobody has ever taken a permit")
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), true, "after a refused Release, 2 of 2 permits are free")
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), true, "after a refused Release, 1 of 2 permits is free")
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), false, "after a refused Release both permits have been taken")
		exam.Error(t, "Release()", s.Release(), nil, "both permits are taken")
		exam.Error(t, "Release()", s.Release(), nil, "one permit is taken")
		exam.Error(t, "Release()", s.Release(), semaphore.ErrReleased, "both permits came back")
	})
	backTwice(t, newSingles, 1)
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(1)
		var taken, back exam.Count
		try := func() {
			if s.TryAcquire() {
				taken.Add()
			}
		}
		exam.Together(try, try, func() {
			if s.Release() == nil {
				back.Add()
			}
		})
		if now := taken.Load() - back.Load(); now > 1 {
			t.Errorf("permits taken and not given back = %d, want 1 or 0: of 1 permit, after Release beside two TryAcquires", now)
		}
	})
	sideBySide(t, newSingles)
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(1)
		var err error
		exam.Together(
			func() { s.TryAcquire() },
			func() { s.TryAcquire(); err = s.Release() },
		)
		exam.Error(t, "Release()", err, nil, "two have tried to take the only permit, so one of them has it")
	})
}

// TestAcquireEndedContext checks that Acquire takes nothing once its context has ended.
//
//grade:todo 7.2
//grade:points 1
//grade:needs TestTryAcquire
func TestAcquireEndedContext(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(1)
		exam.Error(t, "Acquire(ctx)", s.Acquire(ended()), context.Canceled, "ctx was cancelled before, but a permit is free")
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), true, "after an Acquire whose ctx had ended, the permit is still free")
		exam.Error(t, "Acquire(ctx)", s.Acquire(ended()), context.Canceled, "ctx was cancelled before, and no permit is free")
		exam.Error(t, "Release()", s.Release(), nil, "the permit is taken")
		exam.Error(t, "Release()", s.Release(), semaphore.ErrReleased, "the permit came back; those with an ended ctx have taken none")
	})
	refused(t, newSingles, 1, "an Acquire whose ctx has ended", func(t *testing.T, p permits) {
		exam.Error(t, "Acquire(ctx)", p.Acquire(ended(), 1), context.Canceled, "ctx was cancelled before, beside a TryAcquire")
	})
}

// TestAcquireGivesUp checks that Acquire stops waiting when its context ends, and loses no permit.
//
//grade:todo 7.2
//grade:points 2
//grade:needs TestTryAcquire
func TestAcquireGivesUp(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(1)
		s.Acquire(background)
		ctx, cancel := context.WithTimeoutCause(background, time.Second, errCause)
		defer cancel()
		start := time.Now()
		exam.Error(t, "Acquire(ctx)", s.Acquire(ctx), context.DeadlineExceeded, "the only permit is taken, and ctx ends after a second")
		if took := time.Since(start); took < time.Second || took > time.Second+soon {
			t.Errorf("Acquire(ctx) took %v, want %v: the only permit is taken, and ctx ends after that", took, time.Second)
		}
		exam.Error(t, "Release()", s.Release(), nil, "after an Acquire that gave up, the permit is taken as before")
		settle()
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), true, "after an Acquire that gave up, the permit came back")
		exam.Error(t, "Release()", s.Release(), nil, "the permit is taken")
	})
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(1)
		s.Acquire(background)
		ctx, cancel := context.WithCancel(background)
		var err error
		exam.Together(func() { err = s.Acquire(ctx) }, cancel)
		exam.Error(t, "Acquire(ctx)", err, context.Canceled, "ctx is cancelled as Acquire begins to wait, and the only permit stays taken")
	})
	earlier(t, newSingles)
}

// TestCancelLosesNoPermit checks that a permit that comes at the moment of giving up is taken, or there for others.
//
//grade:todo 7.2
//grade:points 3
//grade:needs TestAcquireEndedContext TestAcquireGivesUp
func TestCancelLosesNoPermit(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(1)
		s.Acquire(background)
		ctx, cancel := context.WithCancel(background)
		var err error
		exam.Together(
			func() { err = s.Acquire(ctx) },
			func() { s.Release() },
			cancel,
		)
		if err == nil {
			exam.Error(t, "Release()", s.Release(), nil, "Acquire returned nil, while its ctx was cancelled and a permit came back")
		} else {
			exam.Error(t, "Acquire(ctx)", err, context.Canceled, "ctx was cancelled while a permit came back")
		}
		settle()
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), true, "an Acquire was cancelled while the only permit came back, and whoever had it has released it")
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), false, "the only permit is taken")
		late, stop := context.WithTimeout(background, time.Second)
		defer stop()
		exam.Error(t, "Acquire(ctx)", s.Acquire(late), context.DeadlineExceeded, "the only permit is taken, and an Acquire was cancelled before while it came back")
	})
	interleave.Explore(t, func(t *testing.T) {
		s := semaphore.New(1)
		s.Acquire(background)
		ctx, cancel := context.WithCancel(background)
		exam.Together(
			func() {
				if s.Acquire(ctx) == nil {
					s.Release()
				}
			},
			func() {
				exam.Error(t, "Acquire(ctx)", s.Acquire(background), nil, "another waiter's ctx is cancelled while a permit comes back; this one's never ends")
				s.Release()
			},
			func() { s.Release() },
			cancel,
		)
		exam.Equal(t, "TryAcquire()", s.TryAcquire(), true, "everybody has released what he had")
	})
	tell(t, newSingles, []story{
		{1, 1, "a1 b1", []turn{{"-a", ""}, {"+1", "b"}}},
		{1, 1, "a1 b1", []turn{{"-b", ""}, {"+1", "a"}}},
		{1, 1, "a1", []turn{{"-a", ""}, {"b1", ""}, {"+1", "b"}}},
		{1, 1, "a1 b1", []turn{{"-a +1", "a|b"}}},
		{1, 1, "a1 b1 c1", []turn{{"-a +1", "a|b|c"}}},
		{1, 1, "a1 b1 c1", []turn{{"-b +1", "a|b|c"}}},
		{1, 1, "a1 b1 c1", []turn{{"-c +1", "a|b|c"}}},
		{1, 1, "a1 b1 c1", []turn{{"-a -b +1", "a|b|c"}}},
		{2, 2, "a1 b1 c1", []turn{{"-a +1 +1", "ab|ac|bc"}}},
		{2, 2, "a1 b1 c1", []turn{{"-a -b +2", "ab|ac|bc|c"}}},
	})
}
