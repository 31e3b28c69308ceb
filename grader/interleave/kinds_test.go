package interleave_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"lockstep/grader/exam"
	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave"
	"lockstep/grader/interleave/rt"
)

func load(v *atomic.Int64) int64     { return rt.AtomicLoad((*atomic.Int64).Load, v) }
func store(v *atomic.Int64, n int64) { rt.AtomicStore((*atomic.Int64).Store, v, n) }
func swap(v *atomic.Int64, old, new int64) bool {
	return rt.AtomicUpdate2((*atomic.Int64).CompareAndSwap, v, old, new)
}

// A pair is a program that must fail in the way named, and its right counterpart.
type pair struct {
	name, status, message string
	wrong, right          func(t *testing.T)
	options               []interleave.Option
	racy                  bool // the race detector has its say first
}

var pairs = []pair{
	{name: "lock order", status: "deadlock", message: "G1 waits in Lock", wrong: abba, right: right},
	{name: "recursive lock", status: "deadlock", message: "main waits in Lock",
		wrong: func(*testing.T) { var mu sync.Mutex; rt.MutexLock(&mu); rt.MutexLock(&mu) },
		right: func(*testing.T) { var mu sync.Mutex; rt.MutexLock(&mu); rt.MutexUnlock(&mu); rt.MutexLock(&mu) }},
	{name: "nil mutex", status: "panic", message: "nil pointer dereference",
		wrong: func(*testing.T) { var mu *sync.Mutex; rt.MutexLock(mu) }, right: right},
	{name: "unlock of unlocked", status: "panic", message: "misuse: unlock of an unlocked mutex",
		wrong: func(*testing.T) { var mu sync.Mutex; rt.MutexUnlock(&mu) },
		right: func(*testing.T) { // another goroutine may unlock
			var mu sync.Mutex
			rt.MutexLock(&mu)
			child(func() { rt.MutexUnlock(&mu) })
			rt.MutexLock(&mu)
		}},
	{name: "RUnlock of unlocked", status: "panic", message: "misuse: RUnlock",
		wrong: func(*testing.T) { var mu sync.RWMutex; rt.RWMutexRUnlock(&mu) },
		right: func(*testing.T) { var mu sync.RWMutex; rt.RWMutexRLock(&mu); rt.RWMutexRUnlock(&mu) }},
	{name: "Unlock of read lock", status: "panic", message: "misuse: Unlock",
		wrong: func(*testing.T) { var mu sync.RWMutex; rt.RWMutexRLock(&mu); rt.RWMutexUnlock(&mu) },
		right: func(*testing.T) { var mu sync.RWMutex; rt.RWMutexLock(&mu); rt.RWMutexUnlock(&mu) }},
	{name: "recursive RLock behind a writer", status: "deadlock", message: "waits",
		wrong: func(*testing.T) {
			var mu sync.RWMutex
			both(func() { rt.RWMutexRLock(&mu); rt.RWMutexRLock(&mu); rt.RWMutexRUnlock(&mu); rt.RWMutexRUnlock(&mu) },
				func() { rt.RWMutexLock(&mu); rt.RWMutexUnlock(&mu) })
		},
		right: func(*testing.T) {
			var mu sync.RWMutex
			f := func() { rt.RWMutexRLock(&mu); rt.RWMutexRLock(&mu); rt.RWMutexRUnlock(&mu); rt.RWMutexRUnlock(&mu) }
			both(f, f)
		}},
	{name: "Cond.Wait without the lock", status: "panic", message: "misuse: Cond.Wait",
		wrong: func(*testing.T) { rt.CondWait(sync.NewCond(new(sync.Mutex))) },
		right: func(*testing.T) {
			c := sync.NewCond(new(sync.Mutex))
			rt.LockerLock(c.L)
			rt.Go(func() { rt.LockerLock(c.L); rt.CondSignal(c); rt.LockerUnlock(c.L) })
			rt.CondWait(c)
			rt.LockerUnlock(c.L)
		}},
	{name: "missed signal", status: "deadlock", message: "waits in Cond.Wait",
		wrong: func(*testing.T) {
			c := sync.NewCond(new(sync.Mutex))
			both(func() { rt.CondSignal(c) }, func() { rt.LockerLock(c.L); rt.CondWait(c); rt.LockerUnlock(c.L) })
		},
		right: func(*testing.T) {
			c, ready := sync.NewCond(new(sync.Mutex)), false
			both(func() { rt.LockerLock(c.L); ready = true; rt.LockerUnlock(c.L); rt.CondSignal(c) }, func() {
				rt.LockerLock(c.L)
				for !ready {
					rt.CondWait(c)
				}
				rt.LockerUnlock(c.L)
			})
		}},
	{name: "negative WaitGroup", status: "panic", message: "negative WaitGroup counter",
		wrong: func(*testing.T) { var wg sync.WaitGroup; rt.WaitGroupDone(&wg) },
		right: func(*testing.T) { var wg sync.WaitGroup; rt.WaitGroupAdd(&wg, 1); rt.WaitGroupDone(&wg) }},
	{name: "missing Done", status: "deadlock", message: "main waits in WaitGroup.Wait",
		wrong: func(*testing.T) { var wg sync.WaitGroup; rt.WaitGroupAdd(&wg, 1); rt.WaitGroupWait(&wg) },
		right: func(*testing.T) { var wg sync.WaitGroup; rt.WaitGroupGo(&wg, func() {}); rt.WaitGroupWait(&wg) }},
	{name: "WaitGroup reused too early", racy: true, status: "panic", message: "reused before previous Wait has returned",
		wrong: func(*testing.T) {
			var wg sync.WaitGroup
			var next, end atomic.Int64
			rt.WaitGroupAdd(&wg, 1)
			rt.Go(func() {
				rt.WaitGroupDone(&wg)
				rt.WaitGroupAdd(&wg, 1)
				store(&next, 1)
				rt.WaitGroupDone(&wg)
				store(&end, 1)
			})
			rt.WaitGroupWait(&wg)
		},
		right: func(*testing.T) {
			var wg sync.WaitGroup
			for range 2 {
				rt.WaitGroupGo(&wg, func() {})
				rt.WaitGroupWait(&wg)
			}
		}},
	{name: "Once inside itself", status: "deadlock", message: "main waits in Do",
		wrong: func(*testing.T) { var o sync.Once; rt.OnceDo(&o, func() { rt.OnceDo(&o, func() {}) }) },
		right: func(*testing.T) { var a, b sync.Once; rt.OnceDo(&a, func() { rt.OnceDo(&b, func() {}) }) }},
	{name: "OnceFunc panics each time", status: "panic", message: "panic: boom",
		wrong: func(*testing.T) {
			f := rt.OnceFunc(func() { panic("boom") })
			func() { defer func() { recover() }(); f() }()
			f()
		},
		right: func(t *testing.T) {
			n := 0
			f := rt.OnceValues(func() (int, error) { n++; return n, errors.New("e") })
			both(func() { f() }, func() { f() })
			v, err := f()
			assert.Equal(t, 1, v)
			assert.EqualError(t, err, "e")
		}},
	{name: "a pool is no stack", status: "fail", message: "Not equal",
		wrong: func(t *testing.T) { var p sync.Pool; rt.PoolPut(&p, 1); assert.Equal(t, 1, rt.PoolGet(&p)) },
		right: func(t *testing.T) {
			p := sync.Pool{New: func() any { return 1 }}
			rt.PoolPut(&p, 1)
			assert.Equal(t, 1, rt.PoolGet(&p))
		}},
	{name: "nil channel", status: "deadlock", message: "main waits in select {}",
		wrong: func(*testing.T) { var c chan int; rt.SendTo(c).Do(1) },
		right: func(t *testing.T) { var c chan int; assert.Zero(t, rt.Len(c)); rt.Select(true, rt.CaseRecv(c)) }},
	{name: "double close", status: "panic", message: "panic: close of closed channel",
		wrong: func(*testing.T) { c := make(chan int); rt.Close(c); rt.Close(c) },
		right: func(t *testing.T) {
			c := make(chan int, 1)
			rt.SendTo(c).Do(4)
			rt.Close(c)
			for v := range rt.Range(c) {
				assert.Equal(t, 4, v)
			}
			_, ok := rt.Recv2(c)
			assert.False(t, ok)
		}},
	{name: "close of nil", status: "panic", message: "panic: close of nil channel",
		wrong: func(*testing.T) { var c chan int; rt.Close(c) }, right: right},
	{name: "leak", status: "leak", message: "G1 waits in send",
		wrong: func(*testing.T) { c := make(chan int); rt.Go(func() { rt.SendTo(c).Do(1) }) },
		right: func(*testing.T) { c := make(chan int, 1); rt.Go(func() { rt.SendTo(c).Do(1) }) }},
	{name: "a function that waits for the end of a context", status: "leak", message: "G1, started at kinds_test.go:161, waits in select",
		wrong: func(*testing.T) { rt.ContextAfterFunc(exam.Endless(), func() {}) },
		right: func(*testing.T) {
			rt.ContextAfterFunc(exam.Endless(), func() {})()
			ctx, cancel := rt.ContextWithCancel(context.Background())
			rt.ContextAfterFunc(ctx, func() {}) // kept by ctx, without a goroutine
			_ = cancel
		}},
	{name: "a leak that is allowed", status: "deadlock", message: "main waits", options: []interleave.Option{interleave.AllowLeaks()},
		wrong: func(*testing.T) { rt.Recv(make(chan int)) },
		right: func(*testing.T) { rt.Go(func() { rt.Recv(make(chan int)) }) }},
	{name: "kick lost in a default", status: "deadlock", message: "waits in receive",
		wrong: func(*testing.T) {
			c := make(chan int)
			both(func() { rt.Select(true, rt.CaseSend(c).Case(1)) }, func() { rt.Recv(c) })
		},
		right: func(*testing.T) {
			c := make(chan int, 1)
			both(func() { rt.Select(true, rt.CaseSend(c).Case(1)) }, func() { rt.Recv(c) })
		}},
	{name: "select prefers nobody", status: "fail", message: "Should be true",
		wrong: func(t *testing.T) {
			a, b := make(chan int, 1), make(chan int, 1)
			rt.SendTo(a).Do(1)
			rt.SendTo(b).Do(1)
			assert.True(t, rt.Select(false, rt.CaseRecv(a), rt.CaseRecv(b)) == 0)
		},
		right: func(t *testing.T) {
			a, b := make(chan int, 1), make(chan int, 1)
			rt.SendTo(a).Do(1)
			assert.True(t, rt.Select(false, rt.CaseRecv(b), rt.CaseRecv(a)) == 1)
		}},
	{name: "spin lock", status: "timeout", message: "no progress",
		wrong: func(*testing.T) {
			var l atomic.Int64
			f := func() {
				for !swap(&l, 0, 1) {
				}
			}
			both(f, f)
		},
		right: func(*testing.T) {
			var l atomic.Int64
			n := 0
			f := func() {
				for !swap(&l, 0, 1) {
				}
				n++
				store(&l, 0)
			}
			both(f, f)
		}},
	{name: "spin with TryLock and Gosched", status: "timeout", message: "no progress",
		wrong: func(*testing.T) {
			var mu sync.Mutex
			rt.MutexLock(&mu)
			for !rt.MutexTryLock(&mu) {
				rt.Gosched()
			}
		},
		right: func(*testing.T) {
			var mu sync.Mutex
			f := func() {
				for !rt.MutexTryLock(&mu) {
					rt.Gosched()
				}
				rt.MutexUnlock(&mu)
			}
			both(f, f)
		}},
	{name: "spin with Lock", status: "timeout", message: "no progress",
		wrong: func(*testing.T) {
			var mu sync.Mutex
			for {
				rt.MutexLock(&mu)
				rt.MutexUnlock(&mu)
			}
		},
		right: func(*testing.T) {
			var mu sync.Mutex
			ready := false
			set := func() { rt.MutexLock(&mu); ready = true; rt.MutexUnlock(&mu) }
			look := func() {
				for done := false; !done; {
					rt.MutexLock(&mu)
					done = ready
					rt.MutexUnlock(&mu)
				}
			}
			both(set, look)
			ready = false
			both(look, func() { both(look, set) }) // two who spin do not pass the turn to each other for ever
		}},
	{name: "poll with a timer", status: "timeout", message: "steps main is still at kinds_test.go:",
		wrong: func(*testing.T) {
			for {
				rt.Recv(rt.After(time.Second))
			}
		},
		right: func(*testing.T) {
			for range 10 {
				rt.Recv(rt.After(time.Second))
			}
		}},
	{name: "spin on the clock", status: "fail", message: "early",
		wrong: func(t *testing.T) {
			t0 := rt.Now()
			rt.Sleep(time.Second)
			assert.Less(t, rt.Since(t0), time.Second, "early")
		},
		right: func(t *testing.T) {
			for t0 := rt.Now(); rt.Since(t0) < time.Minute; {
			}
		}},
	{name: "who gives up by the clock", status: "fail", message: "gave up",
		wrong: func(t *testing.T) { givesUp(t, 2*time.Second) },
		right: func(t *testing.T) { givesUp(t, time.Second/2) }},
	{name: "who looks each millisecond for years", status: "fail", message: "Max difference",
		wrong: func(t *testing.T) { assert.InDelta(t, time.Hour, looks(20_000*time.Hour, nil), 1) },
		right: func(t *testing.T) {
			ticks := rt.NewTicker(time.Millisecond)
			for d, rest := range map[time.Duration]func(){
				20_000 * time.Hour: nil,
				30_000 * time.Hour: func() { rt.Recv(ticks.C) },
				time.Second:        func() { rt.Recv(rt.After(10 * time.Millisecond)) },
			} {
				assert.InDelta(t, d, looks(d, rest), float64(10*time.Millisecond))
			}
			rt.TickerStop(ticks)
		}},
	{name: "who looks each millisecond is not late for another deadline", status: "fail", message: "Max difference",
		wrong: func(t *testing.T) { assert.InDelta(t, time.Second, looked(deadline), 1) },
		right: func(t *testing.T) {
			assert.InDelta(t, time.Second/2, looked(deadline), float64(10*time.Millisecond))
			assert.Equal(t, time.Second/2, looked(func() { rt.Sleep(time.Second / 2) }))
		}},
	{name: "a ticker hides no deadlock", status: "deadlock", message: "main waits in receive",
		wrong: func(*testing.T) { rt.NewTicker(time.Second); rt.Recv(make(chan int)) },
		right: func(t *testing.T) {
			tk := rt.NewTicker(time.Second)
			t0 := rt.Now()
			rt.Recv(tk.C)
			rt.Recv(tk.C)
			assert.Equal(t, 2*time.Second, rt.Since(t0))
			rt.TickerStop(tk)
		}},
	{name: "a ticker keeps a goroutine for ever", status: "leak", message: "G1 waits",
		wrong: func(*testing.T) {
			rt.Go(func() {
				for range rt.Range(rt.Tick(time.Second)) {
				}
			})
		},
		right: func(*testing.T) {
			rt.Go(func() {
				tk := rt.Tick(time.Second)
				for range 20 {
					rt.Recv(tk)
				}
			})
		}},
	{name: "Stop drains", status: "deadlock", message: "main waits in receive",
		wrong: func(*testing.T) {
			tm := rt.NewTimer(time.Second)
			rt.Sleep(2 * time.Second)
			rt.TimerStop(tm)
			rt.Recv(tm.C)
		},
		right: func(t *testing.T) {
			tm := rt.NewTimer(time.Hour)
			assert.True(t, rt.TimerStop(tm))
			assert.False(t, rt.TimerReset(tm, time.Second))
			rt.Recv(tm.C)
			assert.False(t, rt.TimerStop(tm))
		}},
	{name: "deadlines in order", status: "fail", message: "Should be true",
		wrong: func(t *testing.T) { // the same deadline: either first
			a, b := rt.After(time.Second), rt.After(time.Second)
			assert.True(t, rt.Select(false, rt.CaseRecv(a), rt.CaseRecv(b)) == 0)
		},
		right: func(t *testing.T) {
			a, b := rt.After(time.Second), rt.After(2*time.Second)
			assert.True(t, rt.Select(false, rt.CaseRecv(a), rt.CaseRecv(b)) == 0)
		}},
	{name: "Sleep as synchronisation", status: "fail", message: "Not equal", options: []interleave.Option{interleave.AdversarialTime()},
		wrong: func(t *testing.T) {
			var v atomic.Int64
			rt.Go(func() { store(&v, 1) })
			rt.Sleep(time.Hour)
			assert.EqualValues(t, 1, load(&v))
		},
		right: func(t *testing.T) {
			var v atomic.Int64
			child(func() { store(&v, 1) })
			rt.Sleep(time.Hour)
			assert.EqualValues(t, 1, load(&v))
		}},
	{name: "context", status: "fail", message: "context deadline exceeded",
		wrong: func(t *testing.T) {
			ctx, cancel := rt.ContextWithTimeout(context.Background(), time.Second)
			defer cancel()
			rt.Sleep(time.Minute)
			assert.NoError(t, ctx.Err())
		},
		right: func(t *testing.T) {
			cause := errors.New("cause")
			ctx, cancel := rt.ContextWithCancelCause(rt.ContextWithValue(context.Background(), 1, 2))
			kid, stop := rt.ContextWithTimeout(ctx, time.Second)
			defer stop()
			free := rt.ContextWithoutCancel(kid)
			cancel(cause)
			rt.Recv(kid.Done())
			assert.ErrorIs(t, kid.Err(), context.Canceled)
			assert.Equal(t, cause, rt.ContextCause(kid))
			assert.NoError(t, free.Err())
			assert.Equal(t, 2, free.Value(1))
			ran := false
			assert.False(t, rt.ContextAfterFunc(free, func() { ran = true }) == nil)
			assert.False(t, ran)
			late, end := rt.ContextWithTimeoutCause(free, time.Second, cause)
			defer end()
			rt.Recv(late.Done())
			assert.ErrorIs(t, late.Err(), context.DeadlineExceeded)
			assert.Equal(t, cause, rt.ContextCause(late))
		}},
	{name: "map order", status: "fail", message: "Not equal",
		wrong: func(t *testing.T) {
			n := rt.Rand().IntN(5)
			for k := range rt.RangeMap(map[int]bool{0: true, 1: true, 2: true, 3: true, 4: true, 5: true, 6: true}) {
				n = 10*n + k
			}
			assert.Equal(t, 0, n)
		},
		right: func(t *testing.T) {
			m := map[int]bool{1: true, 2: true}
			for k := range rt.RangeMap(m) {
				delete(m, 3-k)
			}
			assert.Len(t, m, 1)
		}},
}

// TestKinds checks that each wrong program fails as it must, repeatably and with a
// seed that replays it exactly, and that its counterpart never does.
func TestKinds(t *testing.T) { checkPairs(t, pairs) }

func checkPairs(t *testing.T, pairs []pair) {
	t.Helper()
	for _, p := range pairs {
		if p.racy && rt.Race {
			continue
		}
		options := append([]interleave.Option{interleave.Schedules(150)}, p.options...)
		r := interleave.ExploreHere(p.name, "", p.wrong, options...)
		assert.Equal(t, p.status, r.Status, "%s: %s", p.name, r.Detail)
		assert.Contains(t, r.Message, p.message, p.name)
		assert.NotContains(t, r.Message, "?", "%s: somebody or somewhere that the reader does not know", p.name)
		again := interleave.ExploreHere(p.name, "", p.wrong, options...)
		assert.Equal(t, r, again, "%s: the verdict repeats", p.name)
		replayed := interleave.ExploreHere(p.name, r.Seed, p.wrong)
		assert.Equal(t, r.Status+r.Message+r.Seed, replayed.Status+replayed.Message+replayed.Seed, "%s: replay", p.name)
		r = interleave.ExploreHere(p.name, "", p.right, options...)
		assert.Equal(t, wire.Explored, r.Kind, "%s: %s", p.name, r.Detail)
	}
}

// givesUp looks for so long, without a rest, for what comes after a second, and should give up.
func givesUp(t *testing.T, patience time.Duration) {
	var come atomic.Int64
	var all sync.WaitGroup
	rt.WaitGroupAdd(&all, 1)
	rt.Go(func() {
		defer rt.WaitGroupDone(&all)
		rt.Sleep(time.Second)
		store(&come, 1)
	})
	for t0 := rt.Now(); load(&come) == 0 && rt.Since(t0) < patience; {
		rt.Gosched()
	}
	assert.Zero(t, load(&come), "gave up")
	rt.WaitGroupWait(&all)
}

// looked returns how long f takes for somebody who has looked each millisecond for years.
func looked(f func()) time.Duration {
	looks(20_000*time.Hour, nil)
	t0 := rt.Now()
	f()
	return rt.Since(t0)
}

// deadline looks each millisecond until a timer of half a second has fired.
func deadline() {
	var mu sync.Mutex
	over := false
	rt.AfterFunc(time.Second/2, func() {
		rt.MutexLock(&mu)
		defer rt.MutexUnlock(&mu)
		over = true
	})
	until(&mu, &over, func() { rt.Sleep(time.Millisecond) })
}

// until looks again and again, under mu, whether it is over, and rests in between.
func until(mu *sync.Mutex, over *bool, rest func()) {
	for {
		rt.MutexLock(mu)
		seen := *over
		rt.MutexUnlock(mu)
		if seen {
			return
		}
		rest()
	}
}

// looks looks again and again for what comes after d, and returns when that was.
func looks(d time.Duration, rest func()) time.Duration {
	if rest == nil {
		rest = func() { rt.Sleep(time.Millisecond) }
	}
	var mu sync.Mutex
	come, t0 := false, rt.Now()
	rt.Go(func() {
		rt.Sleep(d)
		rt.MutexLock(&mu)
		defer rt.MutexUnlock(&mu)
		come = true
	})
	until(&mu, &come, rest)
	return rt.Since(t0)
}
