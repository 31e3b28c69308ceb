// want: deadlock in TestTerminateIdle, deadlock in TestTerminateKillsTogether

// Terminate kills the workers that are at work, and only closes those that are idle.
package pool

import (
	"context"
	"errors"
	"sync"
)

var (
	// ErrClosed says that the pool takes no more tasks.
	ErrClosed = errors.New("pool is closed")
	// ErrTerminated says that the pool was terminated before the task was done.
	ErrTerminated = errors.New("pool was terminated")
	// ErrRunning says that the pool has been neither closed nor terminated.
	ErrRunning = errors.New("pool is still running")
)

// Options are the properties of a Pool.
type Options struct {
	Workers  int
	Tries    int
	MaxTasks int
}

type hand struct {
	Worker
	given int
}

// A Pool has its tasks done by workers.
type Pool struct {
	options Options
	start   func() (Worker, error)

	mu      sync.Mutex
	changed *sync.Cond
	idle    []*hand
	live    map[*hand]bool // all that have been started and have not ended
	free    int            // how many more may be started
	pending int            // goroutines of tasks
	closed  bool
	dead    bool
}

// New returns a pool without workers.
func New(options Options, start func() (Worker, error)) *Pool {
	p := &Pool{options: options, start: start, free: options.Workers, live: map[*hand]bool{}}
	p.changed = sync.NewCond(&p.mu)
	return p
}

// A Result is what becomes of a task.
type Result struct {
	done   chan struct{}
	answer string
	err    error
}

func (r *Result) set(answer string, err error) {
	r.answer, r.err = answer, err
	close(r.done)
}

// Get waits until the task is done.
func (r *Result) Get(ctx context.Context) (answer string, err error) {
	select {
	case <-r.done:
		return r.answer, r.err
	default:
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		select {
		case <-r.done:
		default:
			return "", ctx.Err()
		}
	}
	return r.answer, r.err
}

// Submit has a task done in the background.
func (p *Pool) Submit(task string) *Result {
	r := &Result{done: make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		r.set("", ErrClosed)
		return r
	}
	p.pending++
	go p.run(task, r)
	return r
}

// run holds the lock wherever it does not say otherwise.
func (p *Pool) run(task string, r *Result) {
	p.mu.Lock()
	defer func() {
		p.pending--
		p.changed.Broadcast()
		p.mu.Unlock()
	}()
	for try := 1; ; try++ {
		for !p.dead && len(p.idle) == 0 && p.free == 0 {
			p.changed.Wait()
		}
		if p.dead {
			r.set("", ErrTerminated)
			return
		}
		h, err := p.get()
		if err != nil {
			r.set("", err)
			return
		}
		p.mu.Unlock()
		answer, err := h.Do(task)
		p.mu.Lock()
		h.given++
		if errors.Is(err, ErrCrashed) {
			p.gone(h)
			if p.dead {
				r.set("", ErrTerminated)
				return
			}
			if try == p.options.Tries {
				r.set("", err)
				return
			}
			continue
		}
		r.set(answer, err)
		if h.given == p.options.MaxTasks {
			p.mu.Unlock()
			h.Close()
			p.mu.Lock()
			p.gone(h)
			return
		}
		p.idle = append(p.idle, h)
		return
	}
}

func (p *Pool) gone(h *hand) {
	delete(p.live, h)
	p.free++
	p.changed.Broadcast()
}

func (p *Pool) get() (*hand, error) {
	if n := len(p.idle); n > 0 {
		h := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return h, nil
	}
	p.free--
	p.mu.Unlock()
	w, err := p.start()
	p.mu.Lock()
	if err != nil {
		p.free++
		p.changed.Broadcast()
		if p.dead {
			err = ErrTerminated
		}
		return nil, err
	}
	h := &hand{Worker: w}
	p.live[h] = true
	if p.dead {
		p.mu.Unlock()
		h.Kill()
		p.mu.Lock()
		p.gone(h)
		return nil, ErrTerminated
	}
	return h, nil
}

// Apply has a task done and waits.
func (p *Pool) Apply(task string) (answer string, err error) {
	return p.Submit(task).Get(context.Background())
}

// Map has all tasks done, side by side.
func (p *Pool) Map(tasks []string) (answers []string, err error) {
	results := make([]*Result, 0, len(tasks))
	for _, task := range tasks {
		results = append(results, p.Submit(task))
	}
	for _, r := range results {
		answer, e := r.Get(context.Background())
		if e != nil {
			answer = ""
			if err == nil {
				err = e
			}
		}
		answers = append(answers, answer)
	}
	return answers, err
}

// An Answer is what Unordered sends about one task.
type Answer struct {
	Index int
	Text  string
	Err   error
}

// Unordered has all tasks done, side by side.
func (p *Pool) Unordered(tasks []string) <-chan Answer {
	answers := make(chan Answer, len(tasks))
	var all sync.WaitGroup
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, task := range tasks {
		if p.closed {
			answers <- Answer{i, "", ErrClosed}
			continue
		}
		all.Add(1)
		p.pending++ // one for the waiter
		p.pending++
		r := &Result{done: make(chan struct{})}
		go p.run(task, r)
		go func() {
			<-r.done
			answers <- Answer{i, r.answer, r.err}
			all.Done()
			p.mu.Lock()
			p.pending--
			p.changed.Broadcast()
			p.mu.Unlock()
		}()
	}
	p.pending++
	go func() {
		all.Wait()
		close(answers)
		p.mu.Lock()
		p.pending--
		p.changed.Broadcast()
		p.mu.Unlock()
	}()
	return answers
}

// Close ends the taking of tasks.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
}

// Join waits until every task that was taken is done.
func (p *Pool) Join() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		return ErrRunning
	}
	for p.pending > 0 {
		p.changed.Wait()
	}
	var all sync.WaitGroup
	mine := p.idle
	p.idle = nil
	for _, h := range mine {
		all.Add(1)
		go func() { defer all.Done(); h.Close() }()
	}
	p.mu.Unlock()
	all.Wait()
	p.mu.Lock()
	for _, h := range mine {
		p.gone(h)
	}
	for len(p.live) > 0 {
		p.changed.Wait()
	}
	return nil
}

// Terminate ends the taking of tasks, kills all workers and waits for them.
func (p *Pool) Terminate() {
	p.mu.Lock()
	p.closed, p.dead = true, true
	p.changed.Broadcast()
	var all sync.WaitGroup
	idle := map[*hand]bool{}
	for _, h := range p.idle {
		idle[h] = true
	}
	for h := range p.live {
		if idle[h] {
			continue
		}
		all.Add(1)
		go func() { defer all.Done(); h.Kill() }()
	}
	p.mu.Unlock()
	all.Wait()
	p.Join()
}
