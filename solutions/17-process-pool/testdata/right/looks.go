// A pool that looks every 10 ms whether something has changed.
package pool

import (
	"context"
	"errors"
	"sync"
	"time"
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

// often is how long those who wait rest between two looks.
const often = 10 * time.Millisecond

// A Pool has its state under a mutex, and whoever waits for a change of it looks now and then.
type Pool struct {
	options Options
	start   func() (Worker, error)

	mu         sync.Mutex
	idle       []*member
	members    map[*member]bool // all who have been started and not ended
	alive      int              // as many, and those that are being started
	tasks      int              // taken and not done
	kills      int              // calls of Kill that have not returned
	closed     bool
	terminated bool
	ending     bool // somebody closes the idle workers
}

type member struct {
	Worker
	given int
}

// New returns a pool without workers.
func New(options Options, start func() (Worker, error)) *Pool {
	return &Pool{options: options, start: start, members: map[*member]bool{}}
}

// A Result is what becomes of a task.
type Result struct {
	mu     sync.Mutex
	done   bool
	answer string
	err    error
}

// Get looks until the task is done.
func (r *Result) Get(ctx context.Context) (answer string, err error) {
	for {
		r.mu.Lock()
		done, answer, err := r.done, r.answer, r.err
		r.mu.Unlock()
		if done {
			return answer, err
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		time.Sleep(often)
	}
}

func (r *Result) set(answer string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done, r.answer, r.err = true, answer, err
}

// Submit has a task done in the background.
func (p *Pool) Submit(task string) *Result {
	r := new(Result)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		r.set("", ErrClosed)
		return r
	}
	p.tasks++
	go func() {
		r.set(p.run(task))
		p.mu.Lock()
		p.tasks--
		p.mu.Unlock()
	}()
	return r
}

// run tries the task.
func (p *Pool) run(task string) (answer string, err error) {
	for try := 1; ; try++ {
		m, err := p.get()
		if err != nil {
			return "", err
		}
		answer, err := m.Do(task)
		m.given++
		crashed := errors.Is(err, ErrCrashed)
		ended := crashed
		if !crashed && m.given == p.options.MaxTasks {
			m.Close()
			ended = true
		}
		p.mu.Lock()
		terminated := p.terminated
		if ended {
			delete(p.members, m)
			p.alive--
		} else {
			p.idle = append(p.idle, m)
		}
		p.mu.Unlock()
		switch {
		case crashed && terminated:
			return "", ErrTerminated
		case !crashed || try == p.options.Tries:
			return answer, err
		}
	}
}

// get waits for a worker, idle or new.
func (p *Pool) get() (*member, error) {
	for {
		p.mu.Lock()
		if p.terminated {
			p.mu.Unlock()
			return nil, ErrTerminated
		}
		if n := len(p.idle); n > 0 {
			m := p.idle[n-1]
			p.idle = p.idle[:n-1]
			p.mu.Unlock()
			return m, nil
		}
		if p.alive < p.options.Workers {
			p.alive++
			p.mu.Unlock()
			return p.hire()
		}
		p.mu.Unlock()
		time.Sleep(often)
	}
}

// hire starts a worker, which counts already.
func (p *Pool) hire() (*member, error) {
	w, err := p.start()
	p.mu.Lock()
	if err != nil {
		defer p.mu.Unlock()
		p.alive--
		if p.terminated {
			err = ErrTerminated
		}
		return nil, err
	}
	m := &member{Worker: w}
	if !p.terminated {
		defer p.mu.Unlock()
		p.members[m] = true
		return m, nil
	}
	p.mu.Unlock()
	w.Kill()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alive--
	return nil, ErrTerminated
}

// Apply has a task done and waits for its answer or its error.
func (p *Pool) Apply(task string) (answer string, err error) {
	return p.Submit(task).Get(context.Background())
}

// Map has all tasks done: it submits all of them before it waits for the first.
func (p *Pool) Map(tasks []string) (answers []string, err error) {
	results := make([]*Result, len(tasks))
	for i, task := range tasks {
		results[i] = p.Submit(task)
	}
	answers = make([]string, len(tasks))
	for i, r := range results {
		answer, failure := r.Get(context.Background())
		if failure == nil {
			answers[i] = answer
		} else if err == nil {
			err = failure
		}
	}
	return answers, err
}

// An Answer is what Unordered sends about one task.
type Answer struct {
	Index int
	Text  string
	Err   error
}

// Unordered has all tasks done. The channel has room for all answers, so that nobody is
// left behind when the receiver goes away.
func (p *Pool) Unordered(tasks []string) <-chan Answer {
	answers := make(chan Answer, len(tasks))
	var all sync.WaitGroup
	for i, task := range tasks {
		r := p.Submit(task)
		all.Go(func() {
			text, err := r.Get(context.Background())
			answers <- Answer{Index: i, Text: text, Err: err}
		})
	}
	go func() {
		all.Wait()
		close(answers)
	}()
	return answers
}

// Close ends the taking of tasks.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
}

// Join looks until all is over.
func (p *Pool) Join() error {
	for {
		p.mu.Lock()
		if !p.closed {
			p.mu.Unlock()
			return ErrRunning
		}
		switch {
		case p.tasks > 0, p.ending && p.alive > 0, p.kills > 0:
			p.mu.Unlock()
			time.Sleep(often)
		case p.alive == 0:
			p.mu.Unlock()
			return nil
		default:
			p.ending = true
			idle := p.idle
			p.mu.Unlock()
			for _, m := range idle {
				m.Close()
				p.mu.Lock()
				delete(p.members, m)
				p.alive--
				p.mu.Unlock()
			}
		}
	}
}

// Terminate kills all who live, and joins.
func (p *Pool) Terminate() {
	p.mu.Lock()
	if !p.terminated {
		p.closed, p.terminated = true, true
		for m := range p.members {
			p.kills++
			go func() {
				m.Kill()
				p.mu.Lock()
				p.kills--
				p.mu.Unlock()
			}()
		}
	}
	p.mu.Unlock()
	p.Join()
}
