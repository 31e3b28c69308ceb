// want: fail in TestAcquireInLine, fail in TestReleaseHandsOver, fail in TestYieldHandsOver

// The GIL is a token in a channel: it is free until somebody receives it, and nobody says who.
package gil

import (
	"sync"
	"sync/atomic"
	"time"
)

// A GIL is a token in a channel, and a flag.
type GIL struct {
	interval time.Duration
	token    chan struct{}
	switches atomic.Int64
	asked    atomic.Int64 // the switch for which there is a request, from 1
}

func NewGIL(interval time.Duration) *GIL {
	g := &GIL{interval: interval, token: make(chan struct{}, 1)}
	g.token <- struct{}{}
	g.switches.Store(1)
	return g
}

func (g *GIL) Acquire() {
	seen := g.switches.Load()
	for {
		select {
		case <-g.token:
			return
		case <-time.After(g.interval):
			now := g.switches.Load()
			if now == seen {
				g.asked.Store(now)
			}
			seen = now
		}
	}
}

func (g *GIL) Release() {
	g.switches.Add(1)
	g.token <- struct{}{}
}

func (g *GIL) Requested() bool { return g.asked.Load() == g.switches.Load() }

func (g *GIL) Yield() {
	if g.Requested() {
		g.Release()
		g.Acquire()
	}
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
	pieces := min(max(workers, 1), len(items))
	sums := make([]int, pieces)
	var all sync.WaitGroup
	for p := range pieces {
		from, to := p*len(items)/pieces, (p+1)*len(items)/pieces
		all.Go(func() { sums[p] = sum(items[from:to]) })
	}
	all.Wait()
	total := 0
	for _, s := range sums {
		total += s
	}
	return total
}

// Gather fetches and computes. The channel is a GIL for several: as many are inside as it
// has room for, and who waits for the world outside is not inside.
func Gather[T, D, R any](items []T, cores int, fetch func(T) D, compute func(D) R) []R {
	results := make([]R, len(items))
	computing := make(chan struct{}, max(cores, 1))
	var all sync.WaitGroup
	for i, item := range items {
		all.Go(func() {
			data := fetch(item)
			computing <- struct{}{}
			results[i] = compute(data)
			<-computing
		})
	}
	all.Wait()
	return results
}
