// want: race in TestWorkersTogether, race in TestTerminateMeanwhile

// Submit counts the tasks, and does so before it has the lock.
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

// A Pool has its tasks done by workers.
//
// A task that is to be done has a goroutine, which waits for a slot. There are as many
// slots as there may be workers, and a slot always comes back, whatever has become of its
// worker: that is the whole of surviving a crash.
type Pool struct {
	options Options
	start   func() (Worker, error)
	slots   chan slot
	ctx     context.Context // ended by Terminate; that kills the workers
	cancel  context.CancelFunc
	end     sync.Once // the workers have been closed, by Join

	mu     sync.Mutex
	closed bool           // guarded by mu
	number int            // of tasks that have come
	tasks  sync.WaitGroup // taken and not yet done; Add only under mu, and not when closed
}

// A slot has a place for a worker, who may not have been started.
type slot struct {
	worker Worker // nil if there is none
	done   int    // tasks that it has been given
	spare  func() // from the kill that Terminate brings
}

// New returns a pool without workers.
func New(options Options, start func() (Worker, error)) *Pool {
	p := &Pool{options: options, start: start, slots: make(chan slot, options.Workers)}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	for range options.Workers {
		p.slots <- slot{}
	}
	return p
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

// Submit has a task done in the background. Whether the pool is closed and that there is
// one task more is decided in one step, or Join might miss it.
func (p *Pool) Submit(task string) *Result {
	r := &Result{done: make(chan struct{})}
	p.number++
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		r.set("", ErrClosed)
		return r
	}
	p.tasks.Go(func() { r.set(p.do(task)) })
	return r
}

// do tries a task as often as it may be tried. Each time it queues for a slot again: a
// poisoned task does not keep its place.
func (p *Pool) do(task string) (answer string, err error) {
	for range p.options.Tries {
		answer, err = p.try(task)
		if failed, ok := err.(startError); ok {
			return "", failed.error
		}
		if !errors.Is(err, ErrCrashed) {
			break
		}
		if p.ctx.Err() != nil {
			return "", ErrTerminated // the worker did not crash by itself
		}
	}
	return answer, err
}

// startError is an error of start. Whatever it says, no worker has crashed.
type startError struct{ error }

// try has a task done by one worker, and gives the slot back.
func (p *Pool) try(task string) (answer string, err error) {
	var s slot
	select {
	case s = <-p.slots:
	case <-p.ctx.Done():
		return "", ErrTerminated
	}
	defer func() { p.slots <- s }()
	if p.ctx.Err() != nil {
		return "", ErrTerminated // both cases were possible, and select does not prefer one
	}
	if s.worker == nil {
		worker, err := p.start()
		if err != nil {
			return "", startError{err}
		}
		s = slot{worker: worker, spare: p.guard(worker)}
		if p.ctx.Err() != nil {
			return "", ErrTerminated
		}
	}
	answer, err = s.worker.Do(task)
	s.done++
	switch {
	case errors.Is(err, ErrCrashed):
		s.spare()
		s = slot{}
	case s.done == p.options.MaxTasks:
		s.close()
		s = slot{}
	}
	return answer, err
}

// guard has Kill called, on a goroutine of its own, when Terminate is called, or now if it
// has been. The function that it returns ends that, and waits for a Kill that has begun.
func (p *Pool) guard(worker Worker) (spare func()) {
	killed := make(chan struct{})
	stop := context.AfterFunc(p.ctx, func() {
		defer close(killed)
		worker.Kill()
	})
	return func() {
		if !stop() {
			<-killed
		}
	}
}

// close ends the worker, if there is one.
func (s slot) close() {
	if s.worker != nil {
		s.worker.Close()
		s.spare()
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
	defer p.mu.Unlock()
	p.closed = true
}

// Join waits for the tasks. After that every slot has come back, and with it every worker.
func (p *Pool) Join() error {
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if !closed {
		return ErrRunning
	}
	p.tasks.Wait()
	p.end.Do(func() {
		for range p.options.Workers {
			s := <-p.slots
			s.close()
		}
	})
	return nil
}

// Terminate ends the context, which kills every worker there is and every one that start
// has yet to return. Their tasks see a crash, give their slots back, and Join goes on.
func (p *Pool) Terminate() {
	p.Close()
	p.cancel()
	p.Join()
}
