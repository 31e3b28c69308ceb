package interleave_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave"
	"lockstep/grader/interleave/rt"
)

// x is what the two sides of a pair access without any protection of its own.
type x struct{ n int }

// both runs two functions as goroutines and waits for them.
func both(f, g func()) {
	var wg sync.WaitGroup
	rt.WaitGroupGo(&wg, f)
	rt.WaitGroupGo(&wg, g)
	rt.WaitGroupWait(&wg)
}

// edges are pairs of programs: in the ordered one an edge of the memory model orders
// the accesses to x in every schedule, in the racy one none does in some schedule.
var edges = []struct {
	name          string
	ordered, racy func()
}{
	{"mutex", func() {
		var v x
		var mu sync.Mutex
		f := func() { rt.MutexLock(&mu); v.n++; rt.MutexUnlock(&mu) }
		both(f, f)
	}, func() {
		var v x
		var a, b sync.Mutex
		both(func() { rt.MutexLock(&a); v.n++; rt.MutexUnlock(&a) }, func() { rt.MutexLock(&b); v.n++; rt.MutexUnlock(&b) })
	}},
	{"trylock", func() {
		var v x
		var mu sync.Mutex
		f := func() {
			if rt.MutexTryLock(&mu) {
				v.n++
				rt.MutexUnlock(&mu)
			}
		}
		both(f, f)
	}, func() { // a failed attempt is no edge
		var v x
		var mu sync.Mutex
		both(func() { v.n++; rt.MutexLock(&mu); rt.Gosched(); rt.MutexUnlock(&mu) }, func() {
			if !rt.MutexTryLock(&mu) {
				v.n++
			} else {
				rt.MutexUnlock(&mu)
			}
		})
	}},
	{"rwmutex", func() {
		var v x
		var mu sync.RWMutex
		both(func() { rt.RWMutexLock(&mu); v.n++; rt.RWMutexUnlock(&mu) }, func() { rt.RWMutexRLock(&mu); _ = v.n; rt.RWMutexRUnlock(&mu) })
	}, func() { // readers do not exclude each other
		var v x
		var mu sync.RWMutex
		f := func() { rt.RWMutexRLock(&mu); v.n++; rt.RWMutexRUnlock(&mu) }
		both(f, f)
	}},
	{"rlocker", func() {
		var v x
		var mu sync.RWMutex
		both(func() { rt.LockerLock(&mu); v.n++; rt.LockerUnlock(&mu) }, func() { l := rt.RWMutexRLocker(&mu); rt.LockerLock(l); _ = v.n; rt.LockerUnlock(l) })
	}, func() {
		var v x
		var mu sync.RWMutex
		f := func() { l := rt.RWMutexRLocker(&mu); rt.LockerLock(l); v.n++; rt.LockerUnlock(l) }
		both(f, f)
	}},
	{"reader to writer", func() {
		var v x
		var mu sync.RWMutex
		both(func() { rt.RWMutexRLock(&mu); _ = v.n; rt.RWMutexRUnlock(&mu) }, func() { rt.RWMutexLock(&mu); v.n++; rt.RWMutexUnlock(&mu) })
	}, func() { // what a reader did before is not ordered with another reader
		var v x
		var mu sync.RWMutex
		both(func() { v.n++; rt.RWMutexRLock(&mu); rt.RWMutexRUnlock(&mu) }, func() { rt.RWMutexRLock(&mu); rt.RWMutexRUnlock(&mu); v.n++ })
	}},
	{"cond", func() {
		var v x
		ready := false
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		both(func() {
			v.n++
			rt.MutexLock(&mu)
			ready = true
			rt.MutexUnlock(&mu)
			rt.CondBroadcast(c)
		}, func() {
			rt.MutexLock(&mu)
			for !ready {
				rt.CondWait(c)
			}
			rt.MutexUnlock(&mu)
			v.n++
		})
	}, func() {
		var v x
		c := sync.NewCond(new(sync.Mutex))
		both(func() { v.n++; rt.CondBroadcast(c) }, func() { rt.CondSignal(c); v.n++ })
	}},
	{"waitgroup", func() {
		var v x
		var wg sync.WaitGroup
		rt.WaitGroupAdd(&wg, 1)
		rt.Go(func() { v.n++; rt.WaitGroupDone(&wg) })
		rt.WaitGroupWait(&wg)
		v.n++
	}, func() { // Done comes too early
		var v x
		var wg, end sync.WaitGroup
		rt.WaitGroupAdd(&wg, 1)
		rt.WaitGroupAdd(&end, 1)
		rt.Go(func() { rt.WaitGroupDone(&wg); v.n++; rt.WaitGroupDone(&end) })
		rt.WaitGroupWait(&wg)
		v.n++
		rt.WaitGroupWait(&end)
	}},
	{"waitgroup add", func() {
		var wg sync.WaitGroup
		rt.WaitGroupAdd(&wg, 1)
		rt.Go(func() { rt.WaitGroupAdd(&wg, 1); rt.WaitGroupDone(&wg); rt.WaitGroupDone(&wg) })
		rt.WaitGroupWait(&wg)
	}, func() { // the first Add is not ordered with Wait
		var wg sync.WaitGroup
		rt.Go(func() { rt.WaitGroupAdd(&wg, 1); rt.WaitGroupDone(&wg) })
		rt.WaitGroupWait(&wg)
	}},
	{"once", func() {
		var v x
		var once sync.Once
		f := func() { rt.OnceDo(&once, func() { v.n++ }); _ = v.n }
		both(f, f)
	}, func() {
		var v x
		var once sync.Once
		f := func() { rt.OnceDo(&once, func() {}); v.n++ }
		both(f, f)
	}},
	{"oncevalue", func() {
		get := rt.OnceValue(func() *x { return &x{1} })
		both(func() { _ = get().n }, func() { _ = get().n })
	}, func() {
		get := rt.OnceValue(func() *x { return &x{1} })
		both(func() { get().n++ }, func() { get().n++ })
	}},
	{"unbuffered send", func() {
		var v x
		c := make(chan int)
		both(func() { v.n++; rt.SendTo(c).Do(1) }, func() { rt.Recv(c); v.n++ })
	}, func() {
		var v x
		c := make(chan int)
		both(func() { rt.SendTo(c).Do(1); v.n++ }, func() { rt.Recv(c); v.n++ })
	}},
	{"unbuffered receive", func() {
		var v x
		c := make(chan int)
		both(func() { rt.SendTo(c).Do(1); v.n++ }, func() { v.n++; rt.Recv(c) })
	}, func() { // with a buffer the send does not wait
		var v x
		c := make(chan int, 1)
		both(func() { rt.SendTo(c).Do(1); v.n++ }, func() { v.n++; rt.Recv(c) })
	}},
	{"buffer as lock", func() {
		var v x
		c := make(chan struct{}, 1)
		f := func() { rt.SendTo(c).Do(struct{}{}); v.n++; rt.Recv(c) }
		both(f, f)
	}, func() {
		var v x
		c := make(chan struct{}, 2)
		f := func() { rt.SendTo(c).Do(struct{}{}); v.n++; rt.Recv(c) }
		both(f, f)
	}},
	{"buffered send", func() {
		var v x
		c := make(chan int, 2)
		both(func() { v.n++; rt.SendTo(c).Do(1) }, func() { rt.Recv(c); v.n++ })
	}, func() { // two sends into different places are not ordered
		var v x
		c := make(chan int, 2)
		both(func() { v.n++; rt.SendTo(c).Do(1) }, func() { rt.SendTo(c).Do(1); v.n++ })
	}},
	{"close", func() {
		var v x
		c := make(chan int)
		both(func() { v.n++; rt.Close(c) }, func() { rt.Recv(c); v.n++ })
	}, func() {
		var v x
		c := make(chan int)
		both(func() { rt.Close(c); v.n++ }, func() { rt.Recv(c); v.n++ })
	}},
	{"close and send", func() {
		c := make(chan int, 1)
		done := make(chan int)
		both(func() { rt.SendTo(c).Do(1); rt.SendTo(done).Do(1) }, func() { rt.Recv(done); rt.Close(c) })
	}, func() {
		c := make(chan int, 1)
		both(func() { rt.SendTo(c).Do(1) }, func() { defer func() { recover() }(); rt.Close(c) })
	}},
	{"select", func() {
		var v x
		c, d := make(chan int), make(chan int)
		both(func() { v.n++; rt.SendTo(c).Do(1) }, func() { rt.Select(false, rt.CaseRecv(c), rt.CaseRecv(d)); v.n++ })
	}, func() { // the default case orders nothing
		var v x
		c := make(chan int, 1)
		both(func() { v.n++; rt.SendTo(c).Do(1) }, func() { rt.Select(true, rt.CaseRecv(c)); v.n++ })
	}},
	{"select meets select", func() {
		var v x
		c, d := make(chan int), make(chan int)
		both(func() { v.n++; rt.Select(false, rt.CaseSend(c).Case(1), rt.CaseRecv(d)) }, func() { rt.Select(false, rt.CaseRecv(c), rt.CaseSend(d).Case(2)); v.n++ })
	}, func() {
		var v x
		c, d := make(chan int, 1), make(chan int, 1)
		both(func() { v.n++; rt.Select(false, rt.CaseSend(c).Case(1), rt.CaseSend(d).Case(1)) }, func() { rt.Select(false, rt.CaseSend(c).Case(1), rt.CaseSend(d).Case(2)); v.n++ })
	}},
	{"go", func() {
		v := x{1}
		var wg sync.WaitGroup
		v.n++
		rt.WaitGroupGo(&wg, func() { v.n++ })
		rt.WaitGroupWait(&wg)
	}, func() {
		v := x{1}
		var wg sync.WaitGroup
		rt.WaitGroupGo(&wg, func() { v.n++ })
		v.n++
		rt.WaitGroupWait(&wg)
	}},
	{"atomic", func() {
		var v x
		var flag atomic.Bool
		both(func() { v.n++; rt.AtomicStore((*atomic.Bool).Store, &flag, true) }, func() {
			if rt.AtomicLoad((*atomic.Bool).Load, &flag) {
				v.n++
			}
		})
	}, func() {
		var v x
		var flag atomic.Bool
		both(func() { rt.AtomicStore((*atomic.Bool).Store, &flag, true); v.n++ }, func() {
			if rt.AtomicLoad((*atomic.Bool).Load, &flag) {
				v.n++
			}
		})
	}},
	{"sync.Map", func() {
		var m sync.Map
		both(func() { v := &x{1}; rt.MapStore(&m, 1, v) }, func() {
			if v, ok := rt.MapLoad(&m, 1); ok {
				v.(*x).n++
			}
		})
	}, func() {
		var m sync.Map
		both(func() { v := &x{1}; rt.MapStore(&m, 1, v); v.n++ }, func() {
			if v, ok := rt.MapLoad(&m, 1); ok {
				v.(*x).n++
			}
		})
	}},
	{"pool", func() {
		var p sync.Pool
		both(func() { rt.PoolPut(&p, &x{1}) }, func() {
			if v, ok := rt.PoolGet(&p).(*x); ok {
				v.n++
			}
		})
	}, func() {
		var p sync.Pool
		both(func() { v := &x{1}; rt.PoolPut(&p, v); v.n++ }, func() {
			if v, ok := rt.PoolGet(&p).(*x); ok {
				v.n++
			}
		})
	}},
	{"sleep", func() {
		var v x
		c := make(chan int)
		both(func() { rt.Sleep(time.Second); v.n++; rt.Close(c) }, func() { rt.Recv(c); v.n++ })
	}, func() {
		var v x
		both(func() { v.n++ }, func() { rt.Sleep(time.Second); v.n++ })
	}},
	{"timer", func() {
		var v x
		c := make(chan *time.Timer, 1)
		both(func() { tm := rt.NewTimer(time.Second); rt.SendTo(c).Do(tm) }, func() { rt.Recv(rt.Recv(c).C); v.n++ })
	}, func() {
		var v x
		tm := rt.NewTimer(time.Second)
		both(func() { v.n++ }, func() { rt.Recv(tm.C); v.n++ })
	}},
	{"afterfunc", func() {
		v := x{1}
		c := make(chan int)
		v.n++
		rt.AfterFunc(time.Second, func() { v.n++; rt.Close(c) })
		rt.Recv(c)
		v.n++
	}, func() {
		v := x{1}
		rt.AfterFunc(time.Second, func() { v.n++ })
		rt.Sleep(2 * time.Second)
		v.n++
	}},
	{"timer reset", func() {
		var v x
		c := make(chan int)
		tm := rt.AfterFunc(time.Hour, func() { v.n++; rt.Close(c) })
		rt.TimerStop(tm)
		v.n++
		rt.TimerReset(tm, time.Second)
		rt.Recv(c)
	}, func() {
		var v x
		tm := rt.AfterFunc(time.Second, func() { v.n++ })
		if rt.TimerReset(tm, time.Second) {
			v.n++
		}
		rt.Sleep(time.Minute)
	}},
	{"cancel", func() {
		var v x
		ctx, cancel := rt.ContextWithCancel(context.Background())
		both(func() { v.n++; cancel() }, func() { rt.Recv(ctx.Done()); v.n++ })
	}, func() {
		var v x
		ctx, cancel := rt.ContextWithCancel(context.Background())
		both(func() { cancel(); v.n++ }, func() { rt.Recv(ctx.Done()); v.n++ })
	}},
	{"cancelled parent", func() {
		var v x
		parent, cancel := rt.ContextWithCancel(context.Background())
		ctx, stop := rt.ContextWithTimeout(context.WithValue(parent, x{}, 1), time.Hour)
		defer stop()
		both(func() { v.n++; cancel() }, func() {
			if ctx.Err() != nil {
				v.n++
			}
		})
	}, func() {
		var v x
		ctx, cancel := rt.ContextWithCancel(context.Background())
		both(func() { v.n++; cancel() }, func() {
			if ctx.Err() == nil {
				v.n++
			}
		})
	}},
	{"context afterfunc", func() {
		var v x
		c := make(chan int)
		ctx, cancel := rt.ContextWithCancel(context.Background())
		rt.ContextAfterFunc(ctx, func() { v.n++; rt.Close(c) })
		v.n++
		cancel()
		rt.Recv(c)
	}, func() {
		var v x
		ctx, cancel := rt.ContextWithCancel(context.Background())
		rt.ContextAfterFunc(ctx, func() { v.n++ })
		cancel()
		v.n++
	}},
	{"context after func elsewhere", func() {
		var v x
		c := make(chan int)
		ctx, cancel := rt.ContextWithCancel(context.Background())
		both(func() { v.n++; rt.ContextAfterFunc(ctx, func() { v.n++; rt.Close(c) }) }, cancel)
		rt.Recv(c)
	}, func() {
		var v x
		ctx, cancel := rt.ContextWithCancel(context.Background())
		both(func() { rt.ContextAfterFunc(ctx, func() { v.n++ }); v.n++ }, cancel)
	}},
	{"context with a value in between", func() { // the canceller has never seen it
		var v x
		ctx, cancel := rt.ContextWithCancel(context.Background())
		both(func() {
			child, stop := rt.ContextWithCancel(rt.ContextWithValue(ctx, x{}, 1))
			rt.Recv(child.Done())
			v.n++
			stop()
		}, func() { v.n++; cancel() })
	}, func() {
		var v x
		ctx, cancel := rt.ContextWithCancel(context.Background())
		both(func() {
			child, stop := rt.ContextWithCancel(rt.ContextWithValue(ctx, x{}, 1))
			rt.Recv(child.Done())
			v.n++
			stop()
		}, func() { cancel(); v.n++ })
	}},
	{"range over a map", func() {
		k := new(x)
		m := map[*x]bool{k: true, new(x): true}
		both(func() { k.n++ }, func() {
			for range rt.RangeMap(m) {
			}
		})
	}, func() {
		m := map[int]bool{1: true}
		both(func() { m[2] = true }, func() {
			for range rt.RangeMap(m) {
			}
		})
	}},
	{"gosched", func() {
		var v x
		var mu sync.Mutex
		f := func() { rt.MutexLock(&mu); v.n++; rt.Gosched(); v.n++; rt.MutexUnlock(&mu) }
		both(f, f)
	}, func() {
		var v x
		both(func() { v.n++; rt.Gosched() }, func() { rt.Gosched(); v.n++ })
	}},
}

// TestEdges checks what each primitive orders, and that it orders no more.
func TestEdges(t *testing.T) {
	if !rt.Race {
		t.Skip("needs the race detector")
	}
	isolated(t, func() (problems []string) {
		for _, e := range edges {
			r := interleave.ExploreHere("ordered", "", func(*testing.T) { e.ordered() }, interleave.Schedules(300))
			if r.Kind != wire.Explored {
				problems = append(problems, fmt.Sprintf("%s, ordered: %s", e.name, r.Detail))
			}
			r = interleave.ExploreHere("racy", "", func(*testing.T) { e.racy() }, interleave.Schedules(300))
			if r.Status != "race" {
				problems = append(problems, fmt.Sprintf("%s, racy: no race found, but %q %s", e.name, r.Status, r.Message))
			}
		}
		return problems
	})
}
