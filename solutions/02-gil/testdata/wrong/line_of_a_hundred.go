// want: deadlock in TestAcquireInLine

// The line is a channel with room for a hundred; who comes then waits for room, and keeps the mutex.
package gil

import (
	"sync"
	"time"
)

// A GIL is held by one goroutine at a time, and handed over on request.
type GIL struct {
	interval time.Duration

	mu        sync.Mutex // guards what follows, for a moment; it is not the GIL
	held      bool
	requested bool
	switches  int                // how often a holder has let go
	line      chan chan struct{} // one for each who waits, longest first; closed when it is his turn
}

// NewGIL returns a GIL that nobody holds.
func NewGIL(interval time.Duration) *GIL {
	return &GIL{interval: interval, line: make(chan chan struct{}, 100)}
}

// Acquire returns when the caller holds the GIL.
func (g *GIL) Acquire() {
	g.mu.Lock()
	if !g.held {
		g.held = true
		g.mu.Unlock()
		return
	}
	turn, seen := g.join(), g.switches
	g.mu.Unlock()
	g.wait(turn, seen)
}

// Release lets go of the GIL.
func (g *GIL) Release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.handOver()
}

// Requested reports whether somebody has asked the holder to let go.
func (g *GIL) Requested() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.requested
}

// Yield does nothing unless there is a request; then it lets go and comes back. Joining
// the line and handing over are one step: nobody can come in between and find it free.
func (g *GIL) Yield() {
	g.mu.Lock()
	if !g.requested {
		g.mu.Unlock()
		return
	}
	turn := g.join()
	g.handOver()
	seen := g.switches
	g.mu.Unlock()
	g.wait(turn, seen)
}

// join puts the caller at the end of the line. It expects g.mu to be held, as does
// handOver.
func (g *GIL) join() (turn chan struct{}) {
	turn = make(chan struct{})
	g.line <- turn
	return turn
}

// handOver gives the GIL to the first in line. It is not free for a moment in between,
// so nobody can snatch it: that is all the difference to the GIL before Python 3.2.
func (g *GIL) handOver() {
	g.requested = false
	g.switches++
	select {
	case turn := <-g.line:
		close(turn)
	default:
		g.held = false
	}
}

// wait returns when it is the caller's turn. Each time an interval goes by without a
// switch, it requests one. It must not hold g.mu while it waits.
func (g *GIL) wait(turn chan struct{}, seen int) {
	for {
		select {
		case <-turn:
			return
		case <-time.After(g.interval):
		}
		g.mu.Lock()
		if g.switches == seen {
			g.requested = true
		}
		seen = g.switches
		g.mu.Unlock()
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
