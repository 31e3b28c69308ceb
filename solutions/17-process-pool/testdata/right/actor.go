// A goroutine that owns the state of the pool; whoever wants something sends it a message.
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

// A Pool has a goroutine, which owns everything that changes. The others send it messages
// and never touch its state.
type Pool struct {
	options Options
	start   func() (Worker, error)
	submit  chan submission
	close   chan bool // true to terminate as well
	ask     chan chan bool
	back    chan attempt
	over    chan struct{} // closed when nothing is left
}

type submission struct {
	task  string
	taken chan *Result
}

// An attempt is a task on its way through a worker.
type attempt struct {
	task    string
	result  *Result
	tried   int
	worker  Worker // nil: to be started
	given   int    // tasks that the worker has been given
	stop    chan struct{}
	stopped bool // it was not done, for the pool was terminated
	unable  bool // start has returned an error
	answer  string
	err     error
}

// New returns a pool without workers.
func New(options Options, start func() (Worker, error)) *Pool {
	p := &Pool{
		options: options, start: start, submit: make(chan submission), close: make(chan bool),
		ask: make(chan chan bool), back: make(chan attempt), over: make(chan struct{}),
	}
	go p.manage()
	return p
}

type idle struct {
	worker Worker
	given  int
}

func (p *Pool) manage() {
	defer close(p.over)
	var kills sync.WaitGroup
	defer kills.Wait()
	var waiting []attempt
	var resting []idle
	stop := make(chan struct{})
	active, closed, terminated := 0, false, false
	for !closed || active > 0 || len(waiting) > 0 {
		for len(waiting) > 0 && active < p.options.Workers && !terminated {
			a := waiting[0]
			waiting = waiting[1:]
			a.stop = stop
			if n := len(resting); n > 0 {
				a.worker, a.given = resting[n-1].worker, resting[n-1].given
				resting = resting[:n-1]
			}
			active++
			go p.attempt(a)
		}
		select {
		case s := <-p.submit:
			r := &Result{done: make(chan struct{})}
			if closed {
				r.set("", ErrClosed)
			} else {
				waiting = append(waiting, attempt{task: s.task, result: r})
			}
			s.taken <- r
		case terminate := <-p.close:
			closed = true
			if terminate && !terminated {
				terminated = true
				close(stop)
				for _, i := range resting {
					kills.Go(i.worker.Kill)
				}
				for _, a := range waiting {
					a.result.set("", ErrTerminated)
				}
				waiting = nil
			}
		case answer := <-p.ask:
			answer <- closed
		case a := <-p.back:
			active--
			if a.worker != nil {
				resting = append(resting, idle{a.worker, a.given})
			}
			crashed := !a.unable && errors.Is(a.err, ErrCrashed)
			switch {
			case a.stopped || crashed && terminated:
				a.result.set("", ErrTerminated)
			case crashed && a.tried < p.options.Tries:
				waiting = append(waiting, attempt{task: a.task, result: a.result, tried: a.tried})
			default:
				a.result.set(a.answer, a.err)
			}
		}
	}
	p.end(resting, &kills)
}

// attempt has a task done, and tells the manager.
func (p *Pool) attempt(a attempt) {
	defer func() { p.back <- a }()
	if a.worker == nil {
		worker, err := p.start()
		if err != nil {
			a.err, a.unable = err, true
			return
		}
		a.worker, a.given = worker, 0
	}
	worker := a.worker
	released := make(chan struct{})
	guard := make(chan struct{})
	go func() {
		defer close(guard)
		select {
		case <-a.stop:
			worker.Kill()
		case <-released:
		}
	}()
	select {
	case <-a.stop:
		a.stopped = true
		<-guard
		a.worker = nil
		return
	default:
	}
	a.answer, a.err = worker.Do(a.task)
	a.tried++
	a.given++
	switch {
	case errors.Is(a.err, ErrCrashed):
		a.worker = nil
	case a.given == p.options.MaxTasks:
		worker.Close()
		a.worker = nil
	}
	close(released)
	<-guard
}

// end closes the workers that are left. The manager goes on answering meanwhile.
func (p *Pool) end(resting []idle, kills *sync.WaitGroup) {
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		var all sync.WaitGroup
		for _, i := range resting {
			all.Go(i.worker.Close)
		}
		all.Wait()
	}()
	for {
		select {
		case s := <-p.submit:
			r := &Result{done: make(chan struct{})}
			r.set("", ErrClosed)
			s.taken <- r
		case terminate := <-p.close:
			if terminate {
				for _, i := range resting {
					kills.Go(i.worker.Kill)
				}
			}
		case answer := <-p.ask:
			answer <- true
		case <-finished:
			return
		}
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
	s := submission{task, make(chan *Result, 1)}
	select {
	case p.submit <- s:
		return <-s.taken
	case <-p.over:
		r := &Result{done: make(chan struct{})}
		r.set("", ErrClosed)
		return r
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
func (p *Pool) Close() { p.tell(false) }

func (p *Pool) tell(terminate bool) {
	select {
	case p.close <- terminate:
	case <-p.over:
	}
}

// Join waits until the manager is done.
func (p *Pool) Join() error {
	closed := make(chan bool, 1)
	select {
	case p.ask <- closed:
		if !<-closed {
			return ErrRunning
		}
	case <-p.over:
	}
	<-p.over
	return nil
}

// Terminate tells the manager, who tells the guard of each worker at work.
func (p *Pool) Terminate() {
	p.tell(true)
	<-p.over
}
