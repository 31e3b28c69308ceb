// Package semaphore is chapter 7: permits, of which there are only so many, work of which
// only so much is done at a time, and permits that are handed out by the armful and in
// turn. In Python you would reach for threading.BoundedSemaphore.
//
// Everything here may be called by any number of goroutines at the same time. Nothing
// here has a Close, so nothing may leave a goroutine running behind it.
package semaphore

import (
	"context"
	"errors"
)

var (
	// ErrReleased says that more is given back than has been taken.
	ErrReleased = errors.New("released more than was acquired")
	// ErrTooLarge says that more is asked for than there will ever be.
	ErrTooLarge = errors.New("asked for more than there is")
)

// A Semaphore has a number of permits, which can be taken one at a time and given back,
// by anybody. Make one with New; do not copy it. What somebody did before a Release is
// visible to whoever takes the permit that came back. In Python:
// threading.BoundedSemaphore.
type Semaphore struct {
	// TODO(7.1): how many permits are there, and how do those wait who get none?
}

// New returns a semaphore with that many permits, one or more, all of them free.
func New(permits int) *Semaphore {
	return &Semaphore{}
}

// Acquire takes a permit and returns nil. If none is free it blocks until it gets one; of
// those who wait, somebody gets the next, in any order.
//
// If ctx has ended when Acquire is called, or ends while it waits, Acquire takes nothing
// and returns ctx.Err(): at once in the first case, even if a permit is free. If a permit
// comes at the moment when ctx ends, Acquire may do either. A permit is never lost: what
// Acquire does not take is there for others, also for those who wait already.
func (s *Semaphore) Acquire(ctx context.Context) error {
	// TODO(7.1): take a permit, or wait for one.
	// TODO(7.2): stop waiting when ctx ends, and leave no trace.
	return nil
}

// TryAcquire takes a permit if one is free, and reports whether it did. It never blocks.
// In Python: acquire(blocking=False).
func (s *Semaphore) TryAcquire() bool {
	// TODO(7.1): look and take in one step.
	return false
}

// Release gives a permit back. If all permits are free already, Release changes nothing and
// returns ErrReleased. It never blocks.
func (s *Semaphore) Release() error {
	// TODO(7.1): no more than have been taken.
	return nil
}

// ForEach calls work for each of the items, with at most limit calls running at the same
// time, and as many as that as long as there are items. Limit is one or more. The items
// take their turns in order; calls whose turns come together may begin in any. ForEach
// returns when all calls that have begun have returned; what they did is visible to the
// caller then.
//
// An item's turn comes when all before it have had theirs and fewer than limit calls run.
// If ctx has ended by then it is left out, and so are all after it. ForEach returns nil if
// work was called for every item, also when there are none, else ctx.Err(). It only reads
// items. Work does not panic; it may itself call ForEach.
func ForEach[T any](ctx context.Context, limit int, items []T, work func(item T)) error {
	// TODO(7.3): a permit for each call, from before it begins until after it has ended.
	return nil
}

// A Weighted is a semaphore from which several permits can be taken at once. It serves in
// turn: those who wait get what they asked for in the order in which they came, and nobody
// overtakes them, however little he wants. Make one with NewWeighted; do not copy it.
//
// Numbers of permits that are taken or given back are one or more.
type Weighted struct {
	// TODO(7.4): what is free, and who waits for how much, in order?
}

// NewWeighted returns a semaphore with size permits, one or more, all of them free.
func NewWeighted(size int) *Weighted {
	return &Weighted{}
}

// Acquire takes n permits, all of them or none, and returns nil. It blocks while fewer are
// free, or others wait. If n is more than the size of the semaphore it takes nothing and
// returns ErrTooLarge at once.
//
// If ctx has ended when Acquire is called, or ends while it waits, Acquire takes nothing
// and returns ctx.Err(), as that of Semaphore does: at once in the first case, even if n
// are free. Whoever stops waiting leaves the line: those behind him who need not wait any
// more get theirs.
func (w *Weighted) Acquire(ctx context.Context, n int) error {
	// TODO(7.4): stand in line.
	// TODO(7.5): and leave it, without holding up those behind you.
	return nil
}

// TryAcquire takes n permits if that many are free and nobody waits, and reports whether
// it did. It never blocks.
func (w *Weighted) TryAcquire(n int) bool {
	// TODO(7.4): do not push in.
	return false
}

// Release gives n permits back, which may have been taken in other portions. If fewer than
// n have been taken it changes nothing and returns ErrReleased. It never blocks.
func (w *Weighted) Release(n int) error {
	// TODO(7.4): who can go in now? Perhaps more than one.
	return nil
}
