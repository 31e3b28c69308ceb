// Permits in a channel, and the idle workers in a list of their own; a task that has a
// permit keeps it through all its tries.
package pool

import (
	"context"
	"errors"
	"slices"
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

// A Pool has a goroutine for each task, which needs a permit to go on, and a stack of
// workers that are idle.
type Pool struct {
	options Options
	start   func() (Worker, error)
	permits chan struct{}
	stopped chan struct{} // closed by Terminate
	over    chan struct{} // closed when a closed pool has nothing left to do and nobody left

	mu         sync.Mutex
	idle       []*member // guarded by mu
	members    []*member // all who live; guarded by mu
	unfinished int       // tasks, and a one for a pool that is not closed; guarded by mu
	closed     bool      // guarded by mu
	terminated bool      // guarded by mu
}

// A member is a worker with the number of tasks it has been given.
type member struct {
	Worker
	given int
}

// New returns a pool without workers.
func New(options Options, start func() (Worker, error)) *Pool {
	return &Pool{
		options: options, start: start, permits: make(chan struct{}, options.Workers),
		stopped: make(chan struct{}), over: make(chan struct{}), unfinished: 1,
	}
}

// A Result is what becomes of a task.
type Result struct {
	done   chan struct{} // closed when the rest has been set
	answer string
	err    error
}

// Get waits until the task is done. A select with two ready cases takes any, so that it
// has to look a second time.
func (r *Result) Get(ctx context.Context) (answer string, err error) {
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

func (r *Result) set(answer string, err error) {
	r.answer, r.err = answer, err
	close(r.done)
}

// Submit has a task done in the background.
func (p *Pool) Submit(task string) *Result {
	r := &Result{done: make(chan struct{})}
	p.mu.Lock()
	refuse := p.closed
	if !refuse {
		p.unfinished++
	}
	p.mu.Unlock()
	if refuse {
		r.set("", ErrClosed)
		return r
	}
	go func() {
		r.set(p.perform(task))
		p.finished()
	}()
	return r
}

// perform tries a task on one permit, which it keeps until the task has its answer.
func (p *Pool) perform(task string) (answer string, err error) {
	select {
	case p.permits <- struct{}{}:
		defer func() { <-p.permits }()
	case <-p.stopped:
		return "", ErrTerminated
	}
	for try := 1; ; try++ {
		m, err := p.take()
		if err != nil {
			return "", err
		}
		answer, err := m.Do(task)
		m.given++
		crashed := errors.Is(err, ErrCrashed)
		if !crashed && m.given == p.options.MaxTasks {
			m.Close()
		}
		stop := p.putBack(m, crashed)
		switch {
		case crashed && stop:
			return "", ErrTerminated
		case !crashed || try == p.options.Tries:
			return answer, err
		}
	}
}

// take returns an idle worker or a new one.
func (p *Pool) take() (*member, error) {
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
	p.mu.Unlock()
	w, err := p.start()
	if err != nil {
		return nil, err
	}
	m := &member{Worker: w}
	p.mu.Lock()
	late := p.terminated
	if !late {
		p.members = append(p.members, m)
	}
	p.mu.Unlock()
	if late {
		m.Kill()
		return nil, ErrTerminated
	}
	return m, nil
}

// putBack makes a worker idle, or forgets one that has ended. It reports whether the pool
// is terminated.
func (p *Pool) putBack(m *member, crashed bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if crashed || m.given == p.options.MaxTasks {
		p.members = slices.DeleteFunc(p.members, func(other *member) bool { return other == m })
	} else {
		p.idle = append(p.idle, m)
	}
	return p.terminated
}

// finished counts a task as finished. The last one of a closed pool ends the workers.
func (p *Pool) finished() {
	p.mu.Lock()
	p.unfinished--
	last, rest := p.unfinished == 0, p.idle
	p.mu.Unlock()
	if last {
		for _, m := range rest {
			m.Close()
		}
		close(p.over)
	}
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
	first := !p.closed
	p.closed = true
	p.mu.Unlock()
	if first {
		go p.finished()
	}
}

// Join waits until everything is over.
func (p *Pool) Join() error {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if !closed {
		return ErrRunning
	}
	<-p.over
	return nil
}

// Terminate kills all who live, and waits until everything is over.
func (p *Pool) Terminate() {
	p.mu.Lock()
	if !p.terminated {
		p.terminated = true
		close(p.stopped)
	}
	living := slices.Clone(p.members)
	p.mu.Unlock()
	var kills sync.WaitGroup
	for _, m := range living {
		kills.Go(m.Kill)
	}
	p.Close()
	p.Join()
	kills.Wait()
}
