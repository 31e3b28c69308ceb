// Package pool is chapter 13: a pool of workers that run tasks, futures that stand for
// what comes of them, and what can be built on both. In Python you would reach for
// concurrent.futures.ThreadPoolExecutor.
//
// Everything here may be called by any number of goroutines at the same time. A pool may
// have goroutines until it is closed. When it is, and its tasks have ended, they all end
// by themselves; nothing else here leaves a goroutine behind.
package pool

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

var (
	// ErrClosed says that a pool takes no more tasks.
	ErrClosed = errors.New("pool is closed")
	// ErrCancelled says that a task was cancelled before it had begun.
	ErrCancelled = errors.New("task was cancelled")
)

// A Pool runs tasks: so many at the same time as it has workers. Make one with New, and
// close it; do not copy it.
//
// Tasks may use the pool that runs them (13.5): Submit, Map, and Result of its futures,
// with the context that they were given or one derived from it. Only the goroutine that
// runs the task may do that with this context; for others, and for tasks of other pools,
// there is no exception from any rule.
//
//   - A task's Submit never blocks: the new task is accepted even if the backlog is full.
//     It waits for its turn like all others, if not in the same order, and Submit does not
//     wait for that.
//   - A task that waits in Result or Map does not hold up the pool. Unless tasks wait for
//     each other in a circle, all of them end, however few workers there are.
//   - While it waits there a task does not count as running, and runs nothing but what it
//     waits for. At all times no more tasks run than there are workers.
//   - So before it goes on it may have to wait until a worker is free, or, if it runs itself
//     what it waits for, until that has ended; even if ctx has ended by then.
//
// Up to you is which of these take up room in the backlog: tasks that wait in this way,
// tasks that tasks have submitted, and tasks that another one has run itself, until their
// turn would have come. Up to you is also whether a worker counts as free, for a Submit from
// outside, while its task waits for one that another worker runs. Tasks call neither
// Shutdown of their own pool, nor runtime.Goexit.
type Pool struct {
	// TODO(13.1): where do tasks wait, who fetches them, and what tells those who fetch
	// that there will be no more?
}

// New returns a pool with that many workers, one or more, and a backlog, zero or more: so
// many tasks can be accepted that have to wait for a worker. New may make room for all of
// them at once, so a backlog has to fit into memory. In Python:
// ThreadPoolExecutor(max_workers=workers), whose backlog has no bound.
func New(workers, backlog int) *Pool {
	return &Pool{}
}

// Submit hands task to the pool, and returns its future when the pool has accepted it.
// That is at once if a worker is free or there is room in the backlog; else Submit blocks
// until there is. In Python: executor.submit(task).
//
// Tasks get their turn in the order in which they were accepted, each as soon as a worker
// is free; those whose turns come together may begin in any order. What was done before
// Submit is visible to the task. The context that it is given has the values of ctx, and
// ends when ctx does, not before. A task that has been accepted is run even if ctx has ended
// by then.
//
// Submit returns ctx.Err() if ctx has ended when it is called, even if there is room, or
// ends while it blocks; and ErrClosed if the pool has been closed, or is closed while it
// blocks. Then the task is never run. If several of these things come together Submit may
// do any of them.
func Submit[R any](ctx context.Context, p *Pool, task func(ctx context.Context) (R, error)) (*Future[R], error) {
	// TODO(13.1): wait for room, for the end of ctx and for the end of the pool.
	// TODO(13.5): who is a task, and how do you know?
	return &Future[R]{}, nil
}

// A Future stands for what comes of a task. It is done when the task has ended or has been
// cancelled, and then stays as it is. What the task did is visible to those who have
// learnt from Done or Result that it has ended. In Python: concurrent.futures.Future.
type Future[R any] struct {
	// TODO(13.1): what does a task leave behind, and what tells those who wait?
}

// Done returns a channel that is closed when the future is done. In Python: done().
func (f *Future[R]) Done() <-chan struct{} {
	// TODO(13.1): closed by whom, and when?
	return nil
}

// Result waits until the future is done and returns what came of the task, the same to
// everybody, as often as anybody asks. In Python: result(timeout).
//
//   - If the task returned, Result returns what it returned.
//   - If it panicked, neither the program nor a worker ends by that. Result returns the
//     zero value and a *PanicError.
//   - If it was cancelled, Result returns the zero value and ErrCancelled.
//
// If ctx ends before the future is done, Result returns the zero value and ctx.Err(), and
// all else stays as it is. If the future is done already ctx does not matter; if both
// happen together, or ctx ends while the caller runs the task itself (13.5), Result may do
// either.
func (f *Future[R]) Result(ctx context.Context) (R, error) {
	// TODO(13.1): wait for one of two things.
	// TODO(13.2): what if the task panics?
	// TODO(13.5): what if all workers wait here?
	var none R
	return none, nil
}

// Cancel keeps the task from running, if it has not begun: it never will, and the future
// is done. Cancel reports whether the task has been cancelled, now or before. If it has
// begun, or ended, Cancel changes nothing and returns false. It never blocks. In Python:
// cancel().
//
// Until its turn would have come, a cancelled task may keep its place in the backlog.
func (f *Future[R]) Cancel() bool {
	// TODO(13.2): it is either begun or cancelled. Who decides?
	return false
}

// A PanicError is what Result and Map return when a task has panicked.
type PanicError struct {
	Value any    // what panic was called with
	Stack []byte // of the goroutine while it panicked, as debug.Stack prints it
}

// Error returns "panic: " and the value.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the value if it is an error, so that errors.Is and errors.As find it.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Map calls f for each of the items, every call a task of the pool, and returns what they
// returned in the order of the items, whichever was ready first. What the calls did is
// visible then. In Python: list(executor.map(f, items)).
//
// Map fails when a call returns an error or panics, when the pool is closed before it has
// accepted all calls, or when ctx ends. It returns no results then, and the error of what
// came first: that of the call, a *PanicError, ErrClosed or ctx.Err(). What a call returns
// after the end of ctx may take the place of ctx.Err(). As soon as Map has failed the
// contexts of all calls end, and no further call begins, except one whose turn comes at
// that moment. If CloseNow cancels a call Map fails too, with ErrCancelled, but may let
// those that run go on.
//
// In any case Map returns when no call is running and none will begin. If all calls have
// returned without an error Map has not failed, even if ctx ended meanwhile. Without items
// it calls nothing, and returns an empty slice and no error, even if ctx has ended or the
// pool is closed.
func Map[T, R any](ctx context.Context, p *Pool, items []T, f func(ctx context.Context, item T) (R, error)) ([]R, error) {
	// TODO(13.3): one future for each item. And what if one of them fails?
	return nil, nil
}

// AsCompleted returns a sequence that yields each of the futures once, when it is done.
// The loop never waits while there is one that is done and has not been yielded; if there
// are several, they come in any order. In Python: as_completed(futures), and
// wait(futures, return_when=FIRST_COMPLETED) if the loop is left after the first.
//
// The sequence ends after the last future, or when ctx ends: then nothing is waited for any
// more, and those that are done may still be yielded, or not. Each loop over it begins
// anew. Neither a loop that is left early, by whatever way, nor a sequence over which
// nobody loops leaves a goroutine behind, however long the futures take. The futures are
// different ones.
func AsCompleted[R any](ctx context.Context, futures ...*Future[R]) iter.Seq[*Future[R]] {
	// TODO(13.3): wait for all of them at once, and for none when nobody listens any more.
	return func(yield func(*Future[R]) bool) {}
}

// Close closes the pool: it takes no more tasks. A Submit that blocks returns ErrClosed.
// Tasks that have been accepted are run. Close does not wait for them; when they have
// ended the workers end too. To close a pool again changes nothing. In Python:
// shutdown(wait=False).
func (p *Pool) Close() {
	// TODO(13.1): let the workers go, but not before the work is done.
	// TODO(13.4): what of those who are in Submit at the same time?
}

// CloseNow closes the pool, if nobody has done so, and cancels all tasks that have not
// begun: none begins any more, except those whose turn comes while CloseNow is being
// called, and the futures of the others are done without waiting for those that run.
// CloseNow waits for nothing. In Python: shutdown(wait=False, cancel_futures=True).
func (p *Pool) CloseNow() {
	// TODO(13.4): close, and cancel what is left.
}

// Shutdown closes the pool, if nobody has done so, waits until all tasks that it has
// accepted have ended or been cancelled, and returns nil. All futures are done then, and
// what the tasks did is visible. If ctx ends before that, Shutdown returns ctx.Err(): the
// pool is closed, its tasks run on, and Shutdown can be called again. If all have ended
// already ctx does not matter. In Python: shutdown(wait=True).
func (p *Pool) Shutdown(ctx context.Context) error {
	// TODO(13.4): close, and wait for two things.
	return nil
}
