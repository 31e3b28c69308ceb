// Package joinable is chapter 12: a queue that knows what of it is still to be done, so
// that one can wait for the end of it all, and that can be shut down; and a job whose tasks
// find more tasks. In Python you would reach for queue.Queue with task_done, join and,
// since 3.13, shutdown.
//
// Everything here may be called by any number of goroutines at the same time, and leaves
// no goroutine running behind it.
package joinable

import (
	"context"
	"errors"
)

var (
	// ErrShutdown says that the queue has been shut down. In Python: queue.ShutDown.
	ErrShutdown = errors.New("queue is shut down")
	// ErrDone says that more tasks are done than have been taken out. In Python: ValueError.
	ErrDone = errors.New("more tasks done than taken out")
)

// A Queue hands out tasks in the order in which they were put in, and counts those that
// are unfinished: a task is unfinished from its Put until it has been taken out and is
// done. There is no limit to how many there are. Make one with New; do not copy it.
//
// Every call takes effect in one step, at some moment between its call and its return.
// What somebody did before Put is visible to whoever takes the task out; what somebody did
// before Done is visible to whose Join returned nil.
type Queue[T any] struct {
	// TODO(12.1): the tasks, and how many have been taken out and are not done.
	// TODO(12.2): what do those wait for who join?
	// TODO(12.3): has it been shut down?
}

// New returns an empty queue.
func New[T any]() *Queue[T] {
	return &Queue[T]{}
}

// Put puts task in and returns nil. If the queue has been shut down it changes nothing and
// returns ErrShutdown. It never waits.
func (q *Queue[T]) Put(task T) error {
	// TODO(12.1): one more, and somebody may be waiting for it.
	// TODO(12.3): and none after the end.
	return nil
}

// Get takes the next task out and returns it. While there is none it waits; nobody goes on
// waiting while there is a task. Whoever takes a task out calls Done when he has finished it.
//
// If the queue has been shut down and no task is in it, Get returns the zero value and
// ErrShutdown; so does every Get that waits at that moment.
//
// If ctx has ended when Get is called, or ends while it waits, Get takes nothing out and
// returns the zero value and ctx.Err(): at once in the first case, whatever else is true.
// If a task or the shutdown comes at the moment when ctx ends, Get may do either.
func (q *Queue[T]) Get(ctx context.Context) (T, error) {
	// TODO(12.1): wait for a task, take it out, and remember that it is not done.
	// TODO(12.3): and do not wait for ever.
	var none T
	return none, nil
}

// Done says that one of the tasks that have been taken out is done, and returns nil: any
// one of them, by whomever it was taken out. If all that have been taken out are done
// already it changes nothing and returns ErrDone. A shutdown makes no difference. In Python:
// task_done, which objects only when nothing at all is unfinished.
func (q *Queue[T]) Done() error {
	// TODO(12.1): one less, but never less than none.
	// TODO(12.2): and if that was the last, tell everybody.
	return nil
}

// Unfinished returns how many tasks are unfinished: those in the queue, and those that have
// been taken out and are not done.
func (q *Queue[T]) Unfinished() int {
	// TODO(12.1): looking is using, too.
	return -1
}

// Join waits until no task is unfinished, and returns nil: at once if none is, even if ctx
// has ended. Tasks that are put in while it waits are waited for, too. If another one is
// put in right after the last one was done, those who wait may return, or go on waiting.
// A shutdown makes no difference: Join waits for what is unfinished.
//
// If ctx ends before that, Join returns ctx.Err(). If the last task is done at the moment
// when ctx ends, Join may do either.
func (q *Queue[T]) Join(ctx context.Context) error {
	// TODO(12.2): wait for the end, and do not miss it.
	return nil
}

// Shutdown shuts the queue down: nothing can be put in any more, and what is in it can
// still be taken out. It never waits. To call it again changes nothing. In Python:
// shutdown().
func (q *Queue[T]) Shutdown() {
	// TODO(12.3): close the entrance, and tell those who wait for what will never come.
}

// ShutdownNow shuts the queue down, if it is not yet, takes out all tasks that are in it
// and returns them, in their order. They are not unfinished any more; tasks that have been
// taken out before are, until they are done. It never waits. In Python:
// shutdown(immediate=True), which throws them away.
func (q *Queue[T]) ShutdownNow() []T {
	// TODO(12.4): empty it. Who else has been waiting for that?
	return nil
}

// Crawl calls visit for each task in start, for each one that a visit has found, and for
// what is found there, and so on: once for each, however often it is in start or found.
// It returns nil when all have been visited.
//
// Up to workers visits run at the same time, one or more: as many as that, as long as there
// are so many tasks that have been found and not visited. A task has been found when the
// visit that found it has returned.
//
// If a visit returns an error, no more visits begin but those that are about to at that
// moment, and Crawl returns the error; if several do, it returns one of theirs. If ctx ends
// before all has been visited, no more visits begin, either, and Crawl returns ctx.Err(); if
// it turns out that none was left, or a visit fails as well, it may return nil or that error
// instead. If ctx has ended before, no visit begins at all.
//
// When Crawl returns, all visits have returned that have begun, and what they did is visible
// to the caller. Crawl only reads start and what visit returns. Visit does not panic.
func Crawl[T comparable](ctx context.Context, workers int, start []T, visit func(task T) (found []T, err error)) error {
	// TODO(12.5): workers that take tasks out, put in what they find, and say when they are
	// done: in which order? And somebody who waits for the end and sends them home.
	return nil
}
