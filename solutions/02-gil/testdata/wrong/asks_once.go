// want: fail in TestRequestedOfEachHolder

// Whoever has made one request makes no more, even if the GIL has gone to another one since.
package gil

import (
	"sync"
	"sync/atomic"
	"time"
)

// A GIL is held by at most one goroutine at a time, and handed over on request. It gives
// out tickets: the one with the number that is being served holds it.
type GIL struct {
	interval time.Duration

	mu        sync.Mutex
	called    *sync.Cond // serving has changed
	next      int        // the next ticket
	serving   int        // who holds the GIL, or will when he comes
	requested bool       // the holder has been asked to let go
}

// NewGIL returns a GIL that nobody holds.
func NewGIL(interval time.Duration) *GIL {
	g := &GIL{interval: interval}
	g.called = sync.NewCond(&g.mu)
	return g
}

// Acquire returns when the caller holds the GIL.
func (g *GIL) Acquire() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.enter()
}

// enter draws a ticket and waits until it is served. The caller holds mu.
func (g *GIL) enter() {
	ticket := g.next
	g.next++
	if g.serving == ticket {
		return
	}
	seen := g.serving
	var alarm *time.Timer
	alarm = time.AfterFunc(g.interval, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.serving >= ticket {
			return // no longer waiting
		}
		if g.serving == seen {
			g.requested = true
			return
		}
		seen = g.serving
		alarm.Reset(g.interval)
	})
	for g.serving != ticket {
		g.called.Wait()
	}
	alarm.Stop()
}

// leave calls the next one. The caller holds mu.
func (g *GIL) leave() {
	g.serving++
	g.requested = false
	g.called.Broadcast()
}

// Release lets go of the GIL.
func (g *GIL) Release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.leave()
}

// Requested reports whether somebody has asked the holder to let go.
func (g *GIL) Requested() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.requested
}

// Yield lets go on request, and comes back.
func (g *GIL) Yield() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.requested {
		return
	}
	g.leave()
	g.enter()
}

// An Instruction is one step of a thread: some bytecode, or a call that blocks.
type Instruction struct {
	Do     func() // what to do; never nil
	Blocks bool   // Do waits for something outside of the interpreter, like a socket
}

// do does one instruction for somebody who holds the GIL, and does so afterwards.
func (g *GIL) do(instruction Instruction) {
	if instruction.Blocks {
		g.Release()
		defer g.Acquire()
	} else {
		g.Yield()
	}
	instruction.Do()
}

// Run runs threads and returns when all of them have ended.
func Run(g *GIL, threads ...[]Instruction) {
	var running sync.WaitGroup
	defer running.Wait()
	for _, thread := range threads {
		running.Add(1)
		go func() {
			defer running.Done()
			g.Acquire()
			for _, instruction := range thread {
				g.do(instruction)
			}
			g.Release()
		}()
	}
}

// Sum adds up what sum returns for pieces of items.
func Sum[T any](items []T, workers int, sum func(piece []T) int) int {
	var total atomic.Int64
	var wg sync.WaitGroup
	for left := min(max(workers, 1), len(items)); left > 0; left-- {
		n := (len(items) + left - 1) / left
		piece := items[:n]
		items = items[n:]
		wg.Go(func() { total.Add(int64(sum(piece))) })
	}
	wg.Wait()
	return int(total.Load())
}

// fetched is what was fetched for the item with that index.
type fetched[D any] struct {
	index int
	data  D
}

// Gather returns compute(fetch(item)) for each item, in the order of the items.
func Gather[T, D, R any](items []T, cores int, fetch func(T) D, compute func(D) R) []R {
	results := make([]R, len(items))
	ready := make(chan fetched[D], len(items))
	var fetching, computing sync.WaitGroup
	for i, item := range items {
		fetching.Go(func() { ready <- fetched[D]{index: i, data: fetch(item)} })
	}
	if cores < 1 {
		cores = 1
	}
	for range min(cores, len(items)) {
		computing.Go(func() {
			for f := range ready {
				results[f.index] = compute(f.data)
			}
		})
	}
	fetching.Wait()
	close(ready)
	computing.Wait()
	return results
}
