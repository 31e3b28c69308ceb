// want: fail in TestTerminateDuringStart

// Terminate kills the workers that there are; one that is being started comes too late
// for that.
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

// A Pool has its tasks done by Options.Workers goroutines, which share a queue. Each has
// at most one worker of its own.
type Pool struct {
	options Options
	start   func() (Worker, error)
	all     sync.WaitGroup // the goroutines

	mu         sync.Mutex
	changed    sync.Cond       // something below has
	queue      []job           // guarded by mu
	closed     bool            // guarded by mu
	terminated bool            // guarded by mu
	alive      map[Worker]bool // guarded by mu
}

type job struct {
	task   string
	tried  int
	result *Result
}

// New returns a pool without workers.
func New(options Options, start func() (Worker, error)) *Pool {
	p := &Pool{options: options, start: start, alive: map[Worker]bool{}}
	p.changed.L = &p.mu
	for range options.Workers {
		p.all.Go(p.run)
	}
	return p
}

// run does jobs until there are no more to come.
func (p *Pool) run() {
	var worker Worker
	given := 0
	for {
		j, ok := p.next()
		if !ok {
			break
		}
		if worker == nil {
			w, err := p.hire()
			if err != nil {
				j.result.set("", err)
				continue
			}
			worker, given = w, 0
		}
		answer, err := worker.Do(j.task)
		given++
		j.tried++
		crashed := errors.Is(err, ErrCrashed)
		switch {
		case !crashed:
			j.result.set(answer, err)
		case p.isTerminated():
			j.result.set("", ErrTerminated)
		case j.tried == p.options.Tries:
			j.result.set("", err)
		default:
			p.again(j)
		}
		if !crashed && given == p.options.MaxTasks {
			worker.Close()
		}
		if crashed || given == p.options.MaxTasks {
			p.forget(worker)
			worker = nil
		}
	}
	if worker != nil {
		worker.Close()
		p.forget(worker)
	}
}

// next waits for a job. It reports false when there will not be one: one that is being
// tried, which may come back, is taken care of by whoever tries it.
func (p *Pool) next() (job, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.closed {
		p.changed.Wait()
	}
	if len(p.queue) == 0 {
		return job{}, false
	}
	j := p.queue[0]
	p.queue = p.queue[1:]
	return j, true
}

// again puts a job back.
func (p *Pool) again(j job) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminated {
		j.result.set("", ErrTerminated)
		return
	}
	p.queue = append(p.queue, j)
	p.changed.Signal()
}

// hire starts a worker, and kills it if it comes too late.
func (p *Pool) hire() (Worker, error) {
	if p.isTerminated() {
		return nil, ErrTerminated
	}
	w, err := p.start()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.alive[w] = true
	return w, nil
}

func (p *Pool) forget(w Worker) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.alive, w)
}

func (p *Pool) isTerminated() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.terminated
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
	defer p.mu.Unlock()
	if p.closed {
		r.set("", ErrClosed)
		return r
	}
	p.queue = append(p.queue, job{task: task, result: r})
	p.changed.Signal()
	return r
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
	p.changed.Broadcast()
}

// Join waits for the goroutines.
func (p *Pool) Join() error {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if !closed {
		return ErrRunning
	}
	p.all.Wait()
	return nil
}

// Terminate empties the queue and kills the workers that there are.
func (p *Pool) Terminate() {
	p.mu.Lock()
	p.closed, p.terminated = true, true
	for _, j := range p.queue {
		j.result.set("", ErrTerminated)
	}
	p.queue = nil
	var kills sync.WaitGroup
	for w := range p.alive {
		kills.Go(w.Kill)
	}
	p.changed.Broadcast()
	p.mu.Unlock()
	kills.Wait()
	p.all.Wait()
}
