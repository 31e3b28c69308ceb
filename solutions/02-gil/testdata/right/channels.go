// Channels only: what a GIL knows is a value in a channel of capacity 1, a ticker counts
// the intervals, the first worker of Sum is the caller, and the cores of Gather are GILs.
package gil

import (
	"sync"
	"time"
)

// A GIL is held by one goroutine at a time, and handed over on request.
type GIL struct {
	interval time.Duration
	state    chan state // in it when nobody looks
}

type state struct {
	held      bool
	requested bool
	holder    int // counts them
	line      []chan<- int
}

// NewGIL returns a GIL that nobody holds.
func NewGIL(interval time.Duration) *GIL {
	g := &GIL{interval: interval, state: make(chan state, 1)}
	g.state <- state{}
	return g
}

// Acquire returns when the caller holds the GIL.
func (g *GIL) Acquire() {
	s := <-g.state
	if !s.held {
		s.held = true
		s.holder++
		g.state <- s
		return
	}
	turn := make(chan int, 1)
	s.line = append(s.line, turn)
	holder := s.holder
	g.state <- s

	ticks := time.NewTicker(g.interval)
	defer ticks.Stop()
	for {
		select {
		case <-turn:
			return
		case <-ticks.C:
			s := <-g.state
			s.requested = s.requested || s.holder == holder && s.held
			holder = s.holder
			g.state <- s
		}
	}
}

// Release lets go of the GIL.
func (g *GIL) Release() {
	s := <-g.state
	s.requested = false
	if s.held = len(s.line) > 0; s.held {
		s.holder++
		s.line[0] <- s.holder
		s.line = s.line[1:]
	}
	g.state <- s
}

// Requested reports whether somebody has asked the holder to let go.
func (g *GIL) Requested() bool {
	s := <-g.state
	g.state <- s
	return s.requested
}

// Yield lets go and comes back, on request.
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

func interpret(g *GIL, rest []Instruction) {
	if len(rest) == 0 {
		return
	}
	if rest[0].Blocks {
		rest[0].Do()
		interpret(g, rest[1:])
		return
	}
	g.Acquire()
	for len(rest) > 0 && !rest[0].Blocks {
		g.Yield()
		rest[0].Do()
		rest = rest[1:]
	}
	g.Release()
	interpret(g, rest)
}

// Sum halves the items and the workers until there is one worker.
func Sum[T any](items []T, workers int, sum func(piece []T) int) int {
	workers = min(max(workers, 1), len(items))
	switch workers {
	case 0:
		return 0
	case 1:
		return sum(items)
	}
	first := workers / 2
	cut := len(items) / workers * first // the longer pieces come last
	if more := len(items)%workers - (workers - first); more > 0 {
		cut += more
	}
	other := make(chan int)
	go func() { other <- Sum(items[cut:], workers-first, sum) }()
	return Sum(items[:cut], first, sum) + <-other
}

// Gather fetches and computes. An idle core is a value in a channel.
func Gather[T, D, R any](items []T, cores int, fetch func(T) D, compute func(D) R) []R {
	type result struct {
		i     int
		value R
	}
	idle := make(chan *GIL, max(cores, 1))
	for range cap(idle) {
		idle <- NewGIL(time.Second)
	}
	values := make(chan result)
	for i, item := range items {
		go func() {
			data := fetch(item)
			core := <-idle
			core.Acquire()
			value := compute(data)
			core.Release()
			idle <- core
			values <- result{i, value}
		}()
	}
	results := make([]R, len(items))
	for range items {
		r := <-values
		results[r.i] = r.value
	}
	return results
}
