// Tickets and a sync.Cond instead of a line of channels; one timer of the holder's instead of
// one for each who waits. Sum receives from a channel, and Gather counts cores under a Cond.
package gil

import (
	"sync"
	"time"
)

// A GIL is held by whoever has the ticket that is being served.
type GIL struct {
	interval time.Duration

	mu        sync.Mutex
	changed   sync.Cond
	tickets   int // given out so far
	serving   int // the ticket whose owner holds the GIL, or will be the next to
	requested bool
	timer     *time.Timer // runs while somebody waits for this holder; nil otherwise
}

// NewGIL returns a GIL that nobody holds.
func NewGIL(interval time.Duration) *GIL {
	g := &GIL{interval: interval}
	g.changed.L = &g.mu
	return g
}

// Acquire returns when the caller holds the GIL.
func (g *GIL) Acquire() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.await(g.ticket())
}

// Release lets go of the GIL.
func (g *GIL) Release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.next()
}

// Requested reports whether somebody has asked the holder to let go.
func (g *GIL) Requested() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.requested
}

// Yield does nothing unless there is a request; then it lets go and comes back.
func (g *GIL) Yield() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.requested {
		mine := g.ticket()
		g.next()
		g.await(mine)
	}
}

// The rest expects g.mu to be held.

func (g *GIL) ticket() int {
	g.tickets++
	g.watch()
	return g.tickets - 1
}

func (g *GIL) await(ticket int) {
	for g.serving != ticket {
		g.changed.Wait()
	}
}

func (g *GIL) next() {
	g.serving++
	g.requested = false
	if g.timer != nil {
		g.timer.Stop()
		g.timer = nil
	}
	g.watch()
	g.changed.Broadcast()
}

// watch starts the holder's timer if somebody waits and it does not run yet.
func (g *GIL) watch() {
	if g.tickets-g.serving < 2 || g.timer != nil {
		return
	}
	holder := g.serving
	g.timer = time.AfterFunc(g.interval, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.serving == holder {
			g.requested = true
		}
	})
}

// An Instruction is one step of a thread.
type Instruction struct {
	Do     func()
	Blocks bool
}

// Run runs threads under the GIL. A thread holds it from the first instruction of several
// that do not block to the last.
func Run(g *GIL, threads ...[]Instruction) {
	var all sync.WaitGroup
	all.Add(len(threads))
	for _, thread := range threads {
		go func() {
			defer all.Done()
			holds := false
			for _, instruction := range thread {
				switch {
				case instruction.Blocks && holds:
					g.Release()
				case !instruction.Blocks && holds:
					g.Yield()
				case !instruction.Blocks:
					g.Acquire()
				}
				holds = !instruction.Blocks
				instruction.Do()
			}
			if holds {
				g.Release()
			}
		}()
	}
	all.Wait()
}

// Sum adds up what sum returns for pieces of items.
func Sum[T any](items []T, workers int, sum func(piece []T) int) int {
	workers = max(workers, 1)
	sums := make(chan int)
	pieces := 0
	for rest := items; len(rest) > 0; pieces++ {
		left := workers - pieces // pieces that the rest makes
		length := (len(rest) + left - 1) / left
		piece := rest[:length]
		rest = rest[length:]
		go func() { sums <- sum(piece) }()
	}
	total := 0
	for range pieces {
		total += <-sums
	}
	return total
}

// Gather fetches and computes.
func Gather[T, D, R any](items []T, cores int, fetch func(T) D, compute func(D) R) []R {
	var mu sync.Mutex
	idle := sync.NewCond(&mu)
	free := max(cores, 1)
	results := make([]R, len(items))
	var all sync.WaitGroup
	for i := range items {
		all.Go(func() {
			data := fetch(items[i])
			mu.Lock()
			for free == 0 {
				idle.Wait()
			}
			free--
			mu.Unlock()
			results[i] = compute(data)
			mu.Lock()
			free++
			mu.Unlock()
			idle.Signal()
		})
	}
	all.Wait()
	return results
}
