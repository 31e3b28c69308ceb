// want: fail in TestRunLetsGo

// After an instruction that blocks the thread takes the GIL, and keeps it if the next one blocks too.
package gil

import (
	"sync"
	"time"
)

type GIL struct {
	interval time.Duration

	mu     sync.Mutex
	held   bool
	tenure int // counts the holders
	asked  bool
	queue  []chan struct{}
}

func NewGIL(interval time.Duration) *GIL { return &GIL{interval: interval} }

func (g *GIL) Acquire() {
	g.mu.Lock()
	if !g.held {
		g.held = true
		g.tenure++
		g.mu.Unlock()
		return
	}
	me := g.stand()
	seen := g.tenure
	g.mu.Unlock()
	g.wait(me, seen)
}

func (g *GIL) stand() chan struct{} {
	me := make(chan struct{})
	g.queue = append(g.queue, me)
	return me
}

func (g *GIL) wait(me chan struct{}, seen int) {
	tick := time.NewTicker(g.interval)
	defer tick.Stop()
	for {
		select {
		case <-me:
			return
		case <-tick.C:
			g.mu.Lock()
			if g.tenure == seen {
				g.asked = true
			}
			seen = g.tenure
			g.mu.Unlock()
		}
	}
}

func (g *GIL) pass() {
	g.asked = false
	if len(g.queue) == 0 {
		g.held = false
		return
	}
	g.tenure++
	close(g.queue[0])
	g.queue = g.queue[1:]
}

func (g *GIL) Release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.pass()
}

func (g *GIL) Requested() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asked
}

func (g *GIL) Yield() {
	g.mu.Lock()
	if !g.asked {
		g.mu.Unlock()
		return
	}
	me := g.stand()
	g.pass()
	seen := g.tenure
	g.mu.Unlock()
	g.wait(me, seen)
}

type Instruction struct {
	Do     func()
	Blocks bool
}

func Run(g *GIL, threads ...[]Instruction) {
	var wg sync.WaitGroup
	for _, thread := range threads {
		wg.Go(func() {
			holds := false
			for i, in := range thread {
				switch {
				case in.Blocks && i > 0 && thread[i-1].Blocks:
				case in.Blocks && holds:
					g.Release()
					holds = false
				case !in.Blocks && !holds:
					g.Acquire()
					holds = true
				case !in.Blocks:
					g.Yield()
				}
				in.Do()
				if in.Blocks && !holds && i+1 < len(thread) {
					g.Acquire()
					holds = true
				}
			}
			if holds {
				g.Release()
			}
		})
	}
	wg.Wait()
}

func Sum[T any](items []T, workers int, sum func(piece []T) int) int {
	n := min(max(workers, 1), len(items))
	sums := make(chan int)
	for k := range n {
		go func() { sums <- sum(items[k*len(items)/n : (k+1)*len(items)/n]) }()
	}
	total := 0
	for range n {
		total += <-sums
	}
	return total
}

func Gather[T, D, R any](items []T, cores int, fetch func(T) D, compute func(D) R) []R {
	core := make(chan struct{}, max(cores, 1))
	results := make([]R, len(items))
	var wg sync.WaitGroup
	for i, item := range items {
		wg.Go(func() {
			d := fetch(item)
			core <- struct{}{}
			results[i] = compute(d)
			<-core
		})
	}
	wg.Wait()
	return results
}
