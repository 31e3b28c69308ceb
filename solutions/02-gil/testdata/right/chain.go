// Atomics: whoever comes waits for the channel of the one before, and a request is the number of the holder it is made of.
package gil

import (
	"sync"
	"sync/atomic"
	"time"
)

// A GIL is a chain of those who come: each waits for the channel of the one before.
type GIL struct {
	interval time.Duration
	last     atomic.Pointer[chan struct{}] // of who came last; closed when he lets go
	mine     chan struct{}                 // the holder's
	holder   atomic.Int64                  // its number
	asked    atomic.Int64                  // the last one of whom there was a request
}

// NewGIL returns a GIL that nobody holds.
func NewGIL(interval time.Duration) *GIL {
	g := &GIL{interval: interval}
	free := make(chan struct{})
	close(free)
	g.last.Store(&free)
	g.holder.Store(1)
	return g
}

// Acquire returns when the caller holds the GIL.
func (g *GIL) Acquire() {
	mine := make(chan struct{})
	g.follow(*g.last.Swap(&mine), mine)
}

func (g *GIL) follow(before, mine chan struct{}) {
	holder := g.holder.Load()
	clock := time.NewTimer(g.interval)
	defer clock.Stop()
	for {
		select {
		case <-before:
			g.mine = mine
			return
		case <-clock.C:
		}
		now := g.holder.Load()
		if now == holder {
			g.ask(now)
		}
		holder = now
		clock.Reset(g.interval)
	}
}

// ask makes a request, unless somebody has asked a later holder meanwhile.
func (g *GIL) ask(holder int64) {
	for {
		asked := g.asked.Load()
		if asked >= holder || g.asked.CompareAndSwap(asked, holder) {
			return
		}
	}
}

// Release lets go of the GIL.
func (g *GIL) Release() {
	mine := g.mine
	g.holder.Add(1)
	close(mine)
}

// Requested reports whether somebody has asked the holder to let go.
func (g *GIL) Requested() bool { return g.asked.Load() == g.holder.Load() }

// Yield lets go and comes back, on request.
func (g *GIL) Yield() {
	if !g.Requested() {
		return
	}
	mine := make(chan struct{})
	before := *g.last.Swap(&mine)
	g.Release()
	g.follow(before, mine)
}

// An Instruction is one step of a thread.
type Instruction struct {
	Do     func()
	Blocks bool
}

// Run runs threads under the GIL.
func Run(g *GIL, threads ...[]Instruction) {
	var all sync.WaitGroup
	for _, thread := range threads {
		all.Go(func() { interpret(g, thread) })
	}
	all.Wait()
}

// interpret is one thread. CPython's loop looks at the request in the same place, and its
// C code puts the same two lines around everything that may block.
func interpret(g *GIL, thread []Instruction) {
	g.Acquire()
	defer g.Release()
	for _, instruction := range thread {
		if instruction.Blocks {
			g.Release()
			instruction.Do()
			g.Acquire()
			continue
		}
		g.Yield()
		instruction.Do()
	}
}

// Sum adds up what sum returns for pieces of items. Each worker writes to an element of
// its own, so there is nothing to lock.
func Sum[T any](items []T, workers int, sum func(piece []T) int) int {
	workers = min(max(workers, 1), len(items))
	if workers == 0 {
		return 0
	}
	size := (len(items) + workers - 1) / workers
	if workers == 1 {
		return sum(items)
	}
	rest := make(chan int)
	go func() { rest <- Sum(items[size:], workers-1, sum) }()
	mine := sum(items[:size])
	return mine + <-rest
}

// Gather fetches and computes. The channel is a GIL for several: as many are inside as it
// has room for, and who waits for the world outside is not inside.
func Gather[T, D, R any](items []T, cores int, fetch func(T) D, compute func(D) R) []R {
	type numbered[V any] struct {
		i int
		v V
	}
	fetched, computed := make(chan numbered[D]), make(chan numbered[R])
	for i, item := range items {
		go func() { fetched <- numbered[D]{i, fetch(item)} }()
	}
	results := make([]R, len(items))
	var waiting []numbered[D]
	free := max(cores, 1)
	for left := len(items); left > 0; {
		select {
		case d := <-fetched:
			waiting = append(waiting, d)
		case r := <-computed:
			results[r.i] = r.v
			free++
			left--
		}
		for free > 0 && len(waiting) > 0 {
			last := len(waiting) - 1
			d := waiting[last]
			waiting = waiting[:last]
			free--
			go func() { computed <- numbered[R]{d.i, compute(d.v)} }()
		}
	}
	return results
}
