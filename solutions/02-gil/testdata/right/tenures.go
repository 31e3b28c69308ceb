// Each holding of the GIL is a thing of its own: to ask is to mark it, and a mark on one that
// is over does no harm. Sum halves its work, and in Gather those who compute take what is ready.
package gil

import (
	"container/list"
	"sync"
	"time"
)

// A GIL is held by one goroutine at a time, and handed over on request.
type GIL struct {
	interval time.Duration
	mu       sync.Mutex
	holder   *tenure   // nil if nobody holds it
	line     list.List // of *tenure: who waits, the first in front
}

// NewGIL returns a GIL that nobody holds.
func NewGIL(interval time.Duration) *GIL { return &GIL{interval: interval} }

// A tenure is the time from one Acquire to the Release.
type tenure struct {
	begins chan bool
	asked  bool
}

// pass makes the first in line the holder. The caller holds mu.
func (g *GIL) pass() {
	g.holder = nil
	if first := g.line.Front(); first != nil {
		g.holder = g.line.Remove(first).(*tenure)
		g.holder.begins <- true
	}
}

// wait returns when t is the holder. The caller holds mu, and wait unlocks it.
func (g *GIL) wait(t *tenure) {
	if g.holder == nil {
		g.holder = t
		g.mu.Unlock()
		return
	}
	g.line.PushBack(t)
	old := g.holder
	g.mu.Unlock()
	clock := time.NewTicker(g.interval)
	defer clock.Stop()
	for {
		select {
		case <-t.begins:
			return
		case <-clock.C:
			g.mu.Lock()
			if g.holder == old && old != t {
				old.asked = true
			}
			old = g.holder
			g.mu.Unlock()
		}
	}
}

// Acquire returns when the caller holds the GIL.
func (g *GIL) Acquire() {
	g.mu.Lock()
	g.wait(&tenure{begins: make(chan bool, 1)})
}

// Release lets go of the GIL.
func (g *GIL) Release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pass()
}

// Requested reports whether somebody has asked the holder to let go.
func (g *GIL) Requested() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.holder != nil && g.holder.asked
}

// Yield does nothing unless there is a request; then it lets go and comes back.
func (g *GIL) Yield() {
	g.mu.Lock()
	if !g.holder.asked {
		g.mu.Unlock()
		return
	}
	g.pass()
	g.wait(&tenure{begins: make(chan bool, 1)})
}

// An Instruction is one step of a thread.
type Instruction struct {
	Do     func()
	Blocks bool
}

// Run runs threads under the GIL.
func Run(g *GIL, threads ...[]Instruction) {
	ended := make(chan bool)
	for _, thread := range threads {
		go func() {
			holds := false
			for _, instruction := range thread {
				switch {
				case instruction.Blocks && holds:
					g.Release()
					holds = false
				case !instruction.Blocks && !holds:
					g.Acquire()
					holds = true
				case holds:
					g.Yield()
				}
				instruction.Do()
			}
			if holds {
				g.Release()
			}
			ended <- true
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
	if pieces == 1 {
		return sum(items)
	}
	// Half of the workers take their part of the items, and half the rest.
	half := pieces / 2
	from := len(items)/pieces*half + min(len(items)%pieces, half)
	left := make(chan int)
	go func() { left <- Sum(items[:from], half, sum) }()
	right := Sum(items[from:], pieces-half, sum)
	return <-left + right
}

// Gather fetches and computes.
func Gather[T, D, R any](items []T, cores int, fetch func(T) D, compute func(D) R) []R {
	var (
		mu      sync.Mutex
		wg      sync.WaitGroup
		busy    int
		results = make([]R, len(items))
		ready   []func() // what can be computed
	)
	for i, item := range items {
		wg.Go(func() {
			data := fetch(item)
			mu.Lock()
			defer mu.Unlock()
			ready = append(ready, func() { results[i] = compute(data) })
			if busy >= max(cores, 1) {
				return // one of those who are busy will do it
			}
			busy++
			for len(ready) > 0 {
				do := ready[0]
				ready = ready[1:]
				mu.Unlock()
				do()
				mu.Lock()
			}
			busy--
		})
	}
	wg.Wait()
	return results
}
