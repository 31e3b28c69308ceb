// want: fail in TestRunOneAtATime

// A thread whose last instruction blocks does not come back for the GIL, but lets go of it all the same: of somebody else's.
package gil

import (
	"sync"
	"time"
)

// A GIL is held by at most one goroutine at a time, and handed over on request.
type GIL struct {
	interval time.Duration

	mu        sync.Mutex      // held for a moment only; guards all below
	held      bool            // somebody has the GIL
	line      []chan struct{} // who waits, the first one first
	switches  int             // how often the GIL has been let go
	requested bool            // the holder has been asked to let go
}

// NewGIL returns a GIL that nobody holds.
func NewGIL(interval time.Duration) *GIL { return &GIL{interval: interval} }

// Acquire returns when the caller holds the GIL.
func (g *GIL) Acquire() {
	g.mu.Lock()
	if !g.held {
		g.held = true
		g.mu.Unlock()
		return
	}
	turn := make(chan struct{})
	g.line = append(g.line, turn)
	seen := g.switches
	g.mu.Unlock()
	g.wait(turn, seen)
}

// wait waits for the turn, and makes requests meanwhile.
func (g *GIL) wait(turn <-chan struct{}, seen int) {
	timer := time.NewTimer(g.interval)
	defer timer.Stop()
	for {
		select {
		case <-turn:
			return
		case <-timer.C:
		}
		g.mu.Lock()
		select {
		case <-turn:
			g.mu.Unlock()
			return
		default:
		}
		if g.switches == seen {
			g.requested = true
		}
		seen = g.switches
		g.mu.Unlock()
		timer.Reset(g.interval)
	}
}

// Release lets go of the GIL.
func (g *GIL) Release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.switches++
	g.requested = false
	if len(g.line) == 0 {
		g.held = false
		return
	}
	first := g.line[0]
	g.line = g.line[1:]
	close(first)
}

// Requested reports whether somebody has asked the holder to let go.
func (g *GIL) Requested() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.requested
}

// Yield lets go on request, and comes back.
func (g *GIL) Yield() {
	if g.Requested() {
		g.Release()
		g.Acquire()
	}
}

// An Instruction is one step of a thread: some bytecode, or a call that blocks.
type Instruction struct {
	Do     func() // what to do; never nil
	Blocks bool   // Do waits for something outside of the interpreter, like a socket
}

// Run runs threads and returns when all of them have ended.
func Run(g *GIL, threads ...[]Instruction) {
	var wg sync.WaitGroup
	for _, thread := range threads {
		wg.Go(func() {
			g.Acquire()
			defer g.Release()
			for i, instruction := range thread {
				if instruction.Blocks {
					g.Release()
					instruction.Do()
					if i+1 < len(thread) {
						g.Acquire()
					}
					continue
				}
				g.Yield()
				instruction.Do()
			}
		})
	}
	wg.Wait()
}

// Sum adds up what sum returns for pieces of items.
func Sum[T any](items []T, workers int, sum func(piece []T) int) int {
	pieces := min(max(workers, 1), len(items))
	sums := make([]int, pieces)
	var wg sync.WaitGroup
	for p := range pieces {
		from, to := p*len(items)/pieces, (p+1)*len(items)/pieces
		wg.Go(func() { sums[p] = sum(items[from:to]) })
	}
	wg.Wait()
	total := 0
	for _, s := range sums {
		total += s
	}
	return total
}

// Gather returns compute(fetch(item)) for each item, in the order of the items.
func Gather[T, D, R any](items []T, cores int, fetch func(T) D, compute func(D) R) []R {
	results := make([]R, len(items))
	computing := make(chan struct{}, max(cores, 1))
	var wg sync.WaitGroup
	for i, item := range items {
		wg.Go(func() {
			data := fetch(item)
			computing <- struct{}{}
			defer func() { <-computing }()
			results[i] = compute(data)
		})
	}
	wg.Wait()
	return results
}
