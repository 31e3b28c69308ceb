// want: fail in TestRequested

// The clock of one who waited goes on when he has got the GIL: he makes requests of himself.
package gil

import (
	"container/list"
	"sync"
	"time"
)

type GIL struct {
	interval time.Duration

	mu        sync.Mutex
	holder    *turn // nil if nobody holds it
	requested *turn // of whom it has been asked
	line      list.List
}

// A turn is one time of waiting for the GIL and holding it.
type turn struct {
	g     *GIL
	come  sync.Mutex // locked until the turn has come
	clock *time.Timer
	saw   *turn
	mine  bool
}

func NewGIL(interval time.Duration) *GIL { return &GIL{interval: interval} }

func (t *turn) ring() {
	t.g.mu.Lock()
	defer t.g.mu.Unlock()
	if t.mine && t.g.holder != t {
		return
	}
	if t.saw == t.g.holder {
		t.g.requested = t.g.holder
	}
	t.saw = t.g.holder
	t.clock.Reset(t.g.interval)
}

// enqueue puts somebody in the line. The lock is held.
func (g *GIL) enqueue() *turn {
	t := &turn{g: g}
	t.come.Lock()
	g.line.PushBack(t)
	return t
}

func (t *turn) wind() {
	t.saw = t.g.holder
	t.clock = time.AfterFunc(t.g.interval, t.ring)
}

// next hands the GIL over. The lock is held.
func (g *GIL) next() {
	g.holder = nil
	front := g.line.Front()
	if front == nil {
		return
	}
	t := g.line.Remove(front).(*turn)
	g.holder = t
	t.mine = true
	t.come.Unlock()
}

func (t *turn) wait() {
	t.come.Lock()
}

func (g *GIL) Acquire() {
	g.mu.Lock()
	t := g.enqueue()
	if g.holder == nil {
		g.next()
	} else {
		t.wind()
	}
	g.mu.Unlock()
	t.wait()
}

func (g *GIL) Release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.next()
}

func (g *GIL) Requested() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.requested == g.holder
}

func (g *GIL) Yield() {
	g.mu.Lock()
	if g.requested != g.holder {
		g.mu.Unlock()
		return
	}
	t := g.enqueue()
	g.next()
	if g.holder != t {
		t.wind()
	}
	g.mu.Unlock()
	t.wait()
}

type Instruction struct {
	Do     func()
	Blocks bool
}

// section is instructions in a row of which all block or none does.
func section(thread []Instruction) (head, tail []Instruction) {
	for i := range thread {
		if thread[i].Blocks != thread[0].Blocks {
			return thread[:i], thread[i:]
		}
	}
	return thread, nil
}

func (g *GIL) interpret(thread []Instruction) {
	for len(thread) > 0 {
		var head []Instruction
		head, thread = section(thread)
		if head[0].Blocks {
			for _, in := range head {
				in.Do()
			}
			continue
		}
		func() {
			g.Acquire()
			defer g.Release()
			for i, in := range head {
				if i > 0 {
					g.Yield()
				}
				in.Do()
			}
		}()
	}
}

func Run(g *GIL, threads ...[]Instruction) {
	var running sync.WaitGroup
	defer running.Wait()
	running.Add(len(threads))
	for _, thread := range threads {
		go func() {
			defer running.Done()
			g.interpret(thread)
		}()
	}
}

func Sum[T any](items []T, workers int, sum func(piece []T) int) int {
	if len(items) == 0 {
		return 0
	}
	workers = max(1, min(workers, len(items)))
	if workers == 1 {
		return sum(items)
	}
	size := len(items) / workers
	var rest int
	done := make(chan struct{})
	go func() {
		defer close(done)
		rest = Sum(items[size:], workers-1, sum)
	}()
	first := sum(items[:size:size])
	<-done
	return first + rest
}

// Gather has a worker for each core, who take what has been fetched.
func Gather[T, D, R any](items []T, cores int, fetch func(T) D, compute func(D) R) []R {
	type fetched struct {
		i int
		d D
	}
	ready := make(chan fetched, len(items))
	var fetches, workers sync.WaitGroup
	for i, item := range items {
		fetches.Go(func() { ready <- fetched{i, fetch(item)} })
	}
	results := make([]R, len(items))
	for range min(max(cores, 1), len(items)) {
		workers.Go(func() {
			for f := range ready {
				results[f.i] = compute(f.d)
			}
		})
	}
	fetches.Wait()
	close(ready)
	workers.Wait()
	return results
}
