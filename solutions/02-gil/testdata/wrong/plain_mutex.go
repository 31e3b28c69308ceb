// want: fail in TestAcquireInLine, fail in TestReleaseHandsOver, fail in TestYieldHandsOver

// The GIL is a sync.Mutex, which hands over to nobody, and a flag that a timer sets.
package gil

import (
	"sync"
	"time"
)

// A GIL is held by one goroutine at a time, and handed over on request.
type GIL struct {
	interval  time.Duration
	mu        sync.Mutex
	flag      sync.Mutex
	requested bool // guarded by flag
}

// NewGIL returns a GIL that nobody holds.
func NewGIL(interval time.Duration) *GIL { return &GIL{interval: interval} }

// Acquire returns when the caller holds the GIL.
func (g *GIL) Acquire() {
	timer := time.AfterFunc(g.interval, func() { g.set(true) })
	g.mu.Lock()
	timer.Stop()
	g.set(false)
}

// Release lets go of the GIL.
func (g *GIL) Release() { g.mu.Unlock() }

// Requested reports whether somebody has asked the holder to let go.
func (g *GIL) Requested() bool {
	g.flag.Lock()
	defer g.flag.Unlock()
	return g.requested
}

// Yield does nothing unless there is a request; then it lets go and comes back.
func (g *GIL) Yield() {
	if g.Requested() {
		g.Release()
		g.Acquire()
	}
}

func (g *GIL) set(requested bool) {
	g.flag.Lock()
	defer g.flag.Unlock()
	g.requested = requested
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
