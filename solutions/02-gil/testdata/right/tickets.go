// Each who waits has a locked mutex, which is unlocked when it is his turn; clocks are functions that run by themselves.
package gil

import (
	"sync"
	"time"
)

// A GIL is an owner and a linked list; clocks are functions that run by themselves.
type GIL struct {
	interval    time.Duration
	mu          sync.Mutex
	owner       *ticket
	requested   bool
	first, last *ticket
}

type ticket struct {
	turn sync.Mutex // locked until it is its turn
	next *ticket
}

// NewGIL returns a GIL that nobody holds.
func NewGIL(interval time.Duration) *GIL { return &GIL{interval: interval} }

// Acquire returns when the caller holds the GIL.
func (g *GIL) Acquire() {
	g.mu.Lock()
	t := new(ticket)
	if g.owner == nil {
		g.owner = t
		g.mu.Unlock()
		return
	}
	g.enter(t)
	g.stand(t)
}

// enter puts the ticket at the end of the line.
func (g *GIL) enter(t *ticket) {
	t.turn.Lock()
	if g.last == nil {
		g.first = t
	} else {
		g.last.next = t
	}
	g.last = t
}

// stand waits for the turn; it unlocks g.mu.
func (g *GIL) stand(t *ticket) {
	holder := g.owner
	var clock *time.Timer
	clock = time.AfterFunc(g.interval, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if g.owner == t || t.next == t {
			return
		}
		if g.owner == holder {
			g.requested = true
		}
		holder = g.owner
		clock.Reset(g.interval)
	})
	g.mu.Unlock()
	t.turn.Lock()
	g.mu.Lock()
	t.next = t // says that it is over
	clock.Stop()
	g.mu.Unlock()
}

// Release lets go of the GIL.
func (g *GIL) Release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pass()
}

func (g *GIL) pass() {
	g.requested = false
	g.owner = g.first
	if g.first == nil {
		return
	}
	if g.first = g.owner.next; g.first == nil {
		g.last = nil
	}
	g.owner.turn.Unlock()
}

// Requested reports whether somebody has asked the holder to let go.
func (g *GIL) Requested() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.requested
}

// Yield lets go and comes back, on request.
func (g *GIL) Yield() {
	g.mu.Lock()
	if !g.requested {
		g.mu.Unlock()
		return
	}
	t := new(ticket)
	g.enter(t)
	g.pass()
	g.stand(t)
}

// An Instruction is one step of a thread.
type Instruction struct {
	Do     func()
	Blocks bool
}

// Run runs threads under the GIL.
func Run(g *GIL, threads ...[]Instruction) {
	if len(threads) == 0 {
		return
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		interpret(g, threads[0])
	}()
	Run(g, threads[1:]...)
	<-ended
}

// interpret is one thread. CPython's loop looks at the request in the same place, and its
// C code puts the same two lines around everything that may block.
func interpret(g *GIL, thread []Instruction) {
	holds := false
	for _, instruction := range thread {
		switch {
		case instruction.Blocks && holds:
			g.Release()
		case !instruction.Blocks && !holds:
			g.Acquire()
		case !instruction.Blocks && g.Requested():
			g.Release()
			g.Acquire()
		}
		holds = !instruction.Blocks
		instruction.Do()
	}
	if holds {
		g.Release()
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
	var mu sync.Mutex
	free := sync.NewCond(&mu)
	computing, left := 0, len(items)
	results := make([]R, len(items))
	for i := range items {
		go func() {
			data := fetch(items[i])
			mu.Lock()
			defer mu.Unlock()
			for computing >= max(cores, 1) {
				free.Wait()
			}
			computing++
			mu.Unlock()
			results[i] = compute(data)
			mu.Lock()
			computing--
			left--
			free.Broadcast()
		}()
	}
	mu.Lock()
	defer mu.Unlock()
	for left > 0 {
		free.Wait()
	}
	return results
}
