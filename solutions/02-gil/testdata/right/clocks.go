// No timer at all: the holder looks at the clock when it is asked whether there is a
// request. Gather has a worker for each core, who computes what the fetchers send.
package gil

import (
	"container/list"
	"sync"
	"sync/atomic"
	"time"
)

// A GIL is held by one goroutine at a time, and handed over on request.
type GIL struct {
	interval time.Duration
	mu       sync.Mutex
	held     bool
	since    time.Time  // when the holder got it
	line     *list.List // of *waiter
}

type waiter struct {
	since time.Time
	turn  chan struct{}
}

// NewGIL returns a GIL that nobody holds.
func NewGIL(interval time.Duration) *GIL { return &GIL{interval: interval, line: list.New()} }

// Acquire returns when the caller holds the GIL.
func (g *GIL) Acquire() {
	g.mu.Lock()
	if !g.held {
		g.held, g.since = true, time.Now()
		g.mu.Unlock()
		return
	}
	w := &waiter{since: time.Now(), turn: make(chan struct{}, 1)}
	g.line.PushBack(w)
	g.mu.Unlock()
	<-w.turn
}

// Release lets go of the GIL.
func (g *GIL) Release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	first := g.line.Front()
	if first == nil {
		g.held = false
		return
	}
	g.since = time.Now()
	g.line.Remove(first).(*waiter).turn <- struct{}{}
}

// Requested reports whether somebody has been waiting for the holder for an interval.
func (g *GIL) Requested() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	first := g.line.Front()
	if first == nil {
		return false
	}
	from := first.Value.(*waiter).since
	if from.Before(g.since) {
		from = g.since
	}
	return time.Since(from) >= g.interval
}

// Yield lets go and comes back. If there is a request somebody waits, so that Acquire cannot
// find the GIL free.
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
	ended := make(chan struct{})
	for _, thread := range threads {
		go func() {
			defer func() { ended <- struct{}{} }()
			g.Acquire()
			for _, instruction := range thread {
				if instruction.Blocks {
					g.Release()
					instruction.Do()
					g.Acquire()
				} else {
					instruction.Do()
					g.Yield()
				}
			}
			g.Release()
		}()
	}
	for range threads {
		<-ended
	}
}

// Sum adds up what sum returns for pieces of items.
func Sum[T any](items []T, workers int, sum func(piece []T) int) int {
	if len(items) == 0 {
		return 0
	}
	pieces := min(max(workers, 1), len(items))
	length, longer := len(items)/pieces, len(items)%pieces
	var total atomic.Int64
	var all sync.WaitGroup
	from := 0
	for p := range pieces {
		to := from + length
		if p < longer {
			to++
		}
		piece := items[from:to]
		from = to
		all.Go(func() { total.Add(int64(sum(piece))) })
	}
	all.Wait()
	return int(total.Load())
}

// Gather fetches and computes.
func Gather[T, D, R any](items []T, cores int, fetch func(T) D, compute func(D) R) []R {
	type fetched struct {
		i    int
		data D
	}
	results := make([]R, len(items))
	queue := make(chan fetched)
	var fetchers, workers sync.WaitGroup
	for i, item := range items {
		fetchers.Go(func() { queue <- fetched{i, fetch(item)} })
	}
	for range max(cores, 1) {
		workers.Go(func() {
			for f := range queue {
				results[f.i] = compute(f.data)
			}
		})
	}
	fetchers.Wait()
	close(queue)
	workers.Wait()
	return results
}
