package main

import (
	"context"
	"errors"
	"maps"
	v1 "math/rand"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

type counters struct {
	a      atomic.Int64
	flags  [2]atomic.Bool
	latest atomic.Pointer[counters]
	value  atomic.Value
	plain  int32
}

type stack[T any] struct{ top atomic.Pointer[node[T]] }

type node[T any] struct {
	value T
	next  *node[T]
}

func (s *stack[T]) push(v T) {
	n := &node[T]{value: v}
	for {
		n.next = s.top.Load()
		if s.top.CompareAndSwap(n.next, n) {
			return
		}
	}
}

type id int64

type embedsAtomic struct{ atomic.Int32 }

type cell[V any] interface {
	Load() V
	Store(V)
	CompareAndSwap(V, V) bool
}

type boxed[V any, C cell[V]] struct{ c C }

func (b boxed[V, C]) update(f func(V) V) V {
	for {
		old := b.c.Load()
		if v := f(old); b.c.CompareAndSwap(old, v) {
			return v
		}
	}
}

type named *counters

type state struct{ n int }

var _ = add("atomic/interfaces", func(p printer) {
	var c cell[int64] = new(atomic.Int64)
	c.
		Store( // the text has line ends
			c.Load() + 5,
		)
	load, store := c.Load, c.Store
	store(load() + 1)
	p(boxed[int64, cell[int64]]{c}.update(func(n int64) int64 { return 2 * n }))
	p(boxed[int64, *atomic.Int64]{new(atomic.Int64)}.update(func(n int64) int64 { return n + 1 }))
	var e interface{ Add(int32) int32 } = new(embedsAtomic)
	p(e.Add(2))
	var anonymous interface{ Swap(*counters) *counters } = new(struct{ atomic.Pointer[counters] })
	p(anonymous.Swap(nil) == nil, anonymous.Swap(named(&counters{plain: 3})) == nil)
	p(anonymous.Swap(nil).plain)
	var v interface {
		Load() any
		Store(any)
	} = new(atomic.Value)
	v.Store(7)
	p(v.Load())
	done := make(chan bool)
	go func() { c.Store(1); done <- true }()
	<-done
	var wg sync.WaitGroup
	var group interface{ Done() } = &wg
	wg.Add(1)
	go group.Done()
	wg.Wait()
	p(c.Load())
})

var _ = add("atomic/shadowed", func(p printer) {
	var current atomic.Pointer[state]
	state := current.Load()
	p(current.CompareAndSwap(state, nil))
	load := current.Load
	p(load() == nil)
})

var _ = add("sync/interfaces", func(p printer) {
	var m interface {
		Load(any) (any, bool)
		Store(key, value any)
		Range(func(any, any) bool)
	} = new(sync.Map)
	m.Store("x", 1)
	p(m.Load("x"))
	m.Range(func(key, value any) bool { p(key, value); return true })
	var pool interface {
		Get() any
		Put(any)
	} = &sync.Pool{New: func() any { return 5 }}
	p(pool.Get())
	var timer interface{ Stop() bool } = time.NewTimer(time.Hour)
	p(timer.Stop(), timer.Stop())
	var again interface{ Reset(time.Duration) bool } = timer.(*time.Timer)
	p(again.Reset(time.Hour), again.Reset(time.Hour))
	var ticker interface{ Stop() } = time.NewTicker(time.Hour)
	stop := ticker.Stop
	defer stop()
})

var _ = add("atomic/typed", func(p printer) {
	var c counters
	p(c.a.Add(2), c.a.Load(), c.a.Swap(5), c.a.CompareAndSwap(5, 6), c.a.And(3), c.a.Or(8))
	c.a.Store(int64(id(4)))
	pa := &c.a
	p(pa.Load())
	c.flags[1].Store(true)
	p(c.flags[1].Load())
	c.latest.Store(&c)
	p(c.latest.Load().a.Load())
	c.latest.Store(nil)
	p(c.latest.CompareAndSwap(nil, &c))
	c.value.Store("text")
	p(c.value.Load(), c.value.Swap("x"), c.value.CompareAndSwap("x", "y"))
	type any int
	c.value.Store("y")
	p(c.value.Load(), any(1))
	var s stack[string]
	s.push("a")
	s.push("b")
	p(s.top.Load().value)
	var e embedsAtomic
	e.Add(1)
	p(e.Load())
	add, load := c.a.Add, c.a.Load
	add(1)
	p(load())
	f := (*atomic.Int64).Add
	p(f(&c.a, 1))
	c.a.Add(1 << c.a.Load() >> 1)
	p(c.a.Load())
	go c.a.Add(1)
	defer c.a.Store(1)
	var u atomic.Uint32
	u.Add(^uint32(0))
	p(u.Load())
	var ptr atomic.Pointer[func(int) []string]
	p(ptr.Load() == nil)
	type hidden struct{ n int }
	var local atomic.Pointer[hidden]
	local.Store(&hidden{1})
	p(local.Load().n)
})

var _ = add("atomic/functions", func(p printer) {
	var c counters
	p(atomic.AddInt32(&c.plain, 1), atomic.LoadInt32(&c.plain))
	atomic.StoreInt32(&c.plain, 5)
	p(atomic.CompareAndSwapInt32(&c.plain, 5, 6), atomic.SwapInt32(&c.plain, 7))
	var up unsafe.Pointer
	atomic.StorePointer(&up, unsafe.Pointer(&c))
	p(atomic.LoadPointer(&up) != nil)
	f := atomic.AddInt32
	p(f(&c.plain, 1))
	defer atomic.AddInt32(&c.plain, 1)
	go atomic.AddInt32(&c.plain, 1)
})

var _ = add("time", func(p printer) {
	start := time.Now()
	time.Sleep(time.Millisecond)
	p(time.Since(start) > 0, time.Until(start) < 0)
	<-time.After(1)
	t := time.NewTimer(time.Hour)
	p(t.Stop(), t.Reset(time.Hour))
	defer t.Stop()
	stop := t.Stop
	p(stop())
	k := time.NewTicker(time.Microsecond)
	<-k.C
	k.Reset(time.Millisecond)
	<-k.C
	k.Stop()
	done := make(chan bool)
	time.AfterFunc(1, func() { done <- true })
	<-done
	<-time.Tick(1)
	sleep := time.Sleep
	sleep(1)
	now := []func() time.Time{time.Now}
	p(now[0]().After(start))
	var d time.Duration = 5
	p(d)
})

type key struct{}

var _ = add("context", func(p printer) {
	ctx, cancel := context.WithCancel(context.Background())
	ctx = context.WithValue(ctx, key{}, "v")
	p(ctx.Value(key{}), ctx.Err())
	child, cancelChild := context.WithTimeout(ctx, time.Hour)
	defer cancelChild()
	after := make(chan bool)
	stop := context.AfterFunc(child, func() { close(after) })
	cancel()
	<-ctx.Done()
	<-child.Done()
	<-after
	p(stop(), child.Err(), context.Cause(child))
	c2, cancel2 := context.WithCancelCause(context.Background())
	cancel2(errors.New("why"))
	p(context.Cause(c2), c2.Err())
	p(context.WithoutCancel(c2).Err())
	c3, cancel3 := context.WithDeadline(context.Background(), time.Now().Add(-1))
	defer cancel3()
	select {
	case <-c3.Done():
		p(c3.Err(), errors.Is(c3.Err(), context.DeadlineExceeded))
	}
	c4, cancel4 := context.WithTimeoutCause(context.Background(), 1, errors.New("slow"))
	defer cancel4()
	<-c4.Done()
	p(context.Cause(c4))
	with := context.WithCancel
	c5, cancel5 := with(c4)
	defer cancel5()
	p(c5.Err())
})

var _ = add("random", func(p printer) {
	p(rand.IntN(1), rand.N(1), v1.Intn(1), rand.Int64N(1))
	f := rand.IntN
	p(f(1))
	r := rand.New(rand.NewPCG(1, 2))
	p(r.IntN(100), v1.New(v1.NewSource(1)).Intn(100))
	p(len(rand.Perm(3)), rand.N(time.Duration(1)))
	rand.Shuffle(1, func(i, j int) {})
})

var _ = add("maps", func(p printer) {
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	n := 0
	for k, v := range m {
		n += v + len(k)
	}
	for k := range m {
		n += len(k)
	}
	for _, v := range m {
		n += v
	}
	for range m {
		n++
	}
	var k string
	var v any
	for k, v = range m {
		n += len(k)
	}
	p(n, len(k), v != nil)
	for k := range m {
		delete(m, k)
		m := m
		clear(m)
	}
	p(m)
outer:
	for k := range map[int]bool{1: true} {
		for range m {
			continue outer
		}
		defer p("deferred", k)
		break outer
	}
	func() int {
		for k, v := range map[int]bool{7: true} {
			if v {
				return k
			}
		}
		return 0
	}()
	p(slices.Sorted(maps.Keys(map[int]int{2: 1, 1: 1})), slices.Collect(maps.Values(map[int]int{1: 5})))
	for k, v := range maps.All(map[int]int{1: 2}) {
		p(k, v)
	}
})

var _ = add("runtime", func(p printer) {
	runtime.Gosched()
	p(runtime.NumGoroutine() > 0)
	var wg sync.WaitGroup
	wg.Go(func() {
		defer p("exited")
		runtime.Goexit()
	})
	wg.Wait()
})
