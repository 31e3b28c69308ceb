// Package pool is chapter 17: a pool of worker processes that goes on when a worker is
// killed, hangs up or talks nonsense. In Python you would reach for multiprocessing.Pool,
// and it would not.
package pool

import (
	"context"
	"errors"
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
	Workers  int // how many workers may live at the same time; positive
	Tries    int // how often a task is tried whose worker crashes; positive
	MaxTasks int // how many tasks a worker gets; 0 for any number. In Python: maxtasksperchild
}

// A Pool has its tasks done by workers. Make one with New; do not copy it. Its methods may
// be called by any number of goroutines at the same time. Whoever makes one must Close
// and Join it, or Terminate it.
//
// A worker is started when a task needs one, not before, and does one task after the
// other: when a task is done its worker is idle, or is being closed. There are never more
// than Options.Workers; a worker counts from the call of start until Do has
// returned ErrCrashed, or Close or Kill has returned. As long as that many tasks are to be
// done, that many are being done at the same time (or their workers are being started or
// closed), whatever has happened to earlier workers. In which order tasks begin is not
// said, nor whether one gets an idle worker or a new one while there may be more.
//
// If a worker crashes its task is tried again, with another worker, until it has been
// tried Options.Tries times: then ErrCrashed, as the last worker returned it, is its
// error. Other tasks do not notice. A task whose own error Do returns is not tried again.
// If start returns an error, whichever, it is the error of the task that needed the worker
// (if Terminate has been called meanwhile, ErrTerminated may take its place), and that task
// is not tried again; the next one tries to start a worker again.
//
// A worker that has been given Options.MaxTasks tasks is closed as soon as the last of
// them is done, not when the next one comes.
type Pool struct {
	options Options
	start   func() (Worker, error)
	// TODO(17.2): which workers are idle, how many may still be started, and what guards that?
}

// New returns a pool without workers. Start is called to start one, by several goroutines
// at the same time if need be.
func New(options Options, start func() (Worker, error)) *Pool {
	return &Pool{options: options, start: start}
}

// A Result is what becomes of a task. In Python: AsyncResult.
type Result struct {
	// TODO(17.2): the answer, the error, and something to wait for.
}

// Get waits until the task is done and returns its answer or its error. If ctx ends before
// that, Get returns ctx.Err(), and the task goes on. A task that is done counts, even if
// ctx has ended. Any number of goroutines may call Get, any number of times.
func (r *Result) Get(ctx context.Context) (answer string, err error) {
	// TODO(17.2): wait for the task, or for the end of ctx.
	return "", nil
}

// Submit has a task done in the background and returns at once. After Close or Terminate
// the task is not done, and its error is ErrClosed. In Python: apply_async.
func (p *Pool) Submit(task string) *Result {
	// TODO(17.2): find a worker, or start one; try again if it crashes.
	// TODO(17.4): take no task after Close. Who closes a worker that has done its share?
	return &Result{}
}

// Apply has a task done and waits for its answer or its error.
func (p *Pool) Apply(task string) (answer string, err error) {
	// TODO(17.2): this is short.
	return "", nil
}

// Map has all tasks done, side by side, and returns their answers in the order of the
// tasks. It waits for all of them even if some have errors: it returns the error of the
// first of those, in the order of the tasks, and "" as the answers of all of those.
func (p *Pool) Map(tasks []string) (answers []string, err error) {
	// TODO(17.3): side by side, but in order.
	return nil, nil
}

// An Answer is what Unordered sends about one task.
type Answer struct {
	Index int    // of the task, from 0
	Text  string // its answer
	Err   error  // or its error
}

// Unordered has all tasks done, side by side, and returns at once a channel that gets
// their answers as they are done; after the last of them it is closed. Whoever loses
// interest may stop receiving: the tasks are done all the same, and after Join nothing is
// left in the background. In Python: imap_unordered.
func (p *Pool) Unordered(tasks []string) <-chan Answer {
	// TODO(17.3): whoever is done first comes first, and nobody waits for the receiver.
	answers := make(chan Answer)
	close(answers)
	return answers
}

// Close ends the taking of tasks; those that were taken will be done. It does not wait.
func (p *Pool) Close() {
	// TODO(17.4): what happens to a task that comes at the same moment?
}

// Join waits until every task that was taken is done, closes the workers and waits for
// them: when it returns nil, all Results are done, no worker is left, and nothing in the
// background. If the pool has been neither closed nor terminated Join returns ErrRunning
// at once. It may be called many times, also at the same time.
func (p *Pool) Join() error {
	// TODO(17.4): who is still at work, and who has to go?
	return nil
}

// Terminate ends the taking of tasks, kills all workers and waits for them: when it
// returns, all Results are done, no worker is left, and nothing in the background, not
// even a call of Kill. It kills the workers at the same time: nobody's grace is added to
// another's.
//
// A task that is waiting for a worker when Terminate is called does not begin any more,
// and no worker is started for it; if one is being started just then, the task does not
// begin either. No task is tried again. The error of every task that did not come to its
// end is ErrTerminated, unless the start of its worker has failed.
//
// Terminate may be called at any time, also while Join waits, and many times; each call
// returns when all is over. It may not be called by start, nor by a worker.
func (p *Pool) Terminate() {
	// TODO(17.5): whose worker is where? Forget none, not even one that is just being born.
}
