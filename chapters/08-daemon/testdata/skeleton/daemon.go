// Package daemon is chapter 8: work in the background that ends when it should, and not
// before it is done. In Python you would set daemon=True, or be sorry that you did not;
// in Go every goroutine is a daemon thread, and this is what you build to do better.
package daemon

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"time"
)

var (
	// ErrStopped says that a Flusher takes no more lines.
	ErrStopped = errors.New("flusher is stopped")
	// ErrForced says that a second signal came before the work was done.
	ErrForced = errors.New("forced to stop")
)

// Heartbeat calls beat in the background until ctx ends: the first time after the
// duration every, which is positive, the second time after twice as long, and so on. It
// returns at once; beats never overlap.
//
// A beat that is due while another one still runs comes late or not at all; those that
// are due after that come on time again, however long the beats take.
//
// When ctx ends no more beats begin: if it ends while a beat runs, that one is the last.
// (If it ends at the very moment when a beat is due, the beat may come or not.) The
// channel is closed as soon as ctx has ended and no beat runs; then nothing is left in
// the background.
func Heartbeat(ctx context.Context, every time.Duration, beat func()) <-chan struct{} {
	// TODO(8.1): beat in the background, until ctx ends and not longer.
	done := make(chan struct{})
	close(done)
	return done
}

// A Flusher collects lines and writes them in the background, many at a time. Make one
// with NewFlusher; do not copy it. Its methods may be called by any number of goroutines
// at the same time, but not by write. Whoever makes one must Stop it.
type Flusher struct {
	// TODO(8.2): who touches the lines, and what guards them?
}

// NewFlusher returns a Flusher that hands its lines to write: after the duration every,
// which is positive, after twice that, and so on, all lines that were added since the
// last time, in the order in which they were added; if there are none it does not call
// write. If a write takes so long that the next one is due, that one comes late or not at
// all, and its lines at the latest with the one after it.
//
// Calls of write never overlap. The slice belongs to write, which may keep it, change it
// and append to it.
func NewFlusher(every time.Duration, write func(lines []string)) *Flusher {
	// TODO(8.2): write in the background, every now and then.
	return &Flusher{}
}

// Add adds a line, which may be any string. If it returns nil, the line will be written,
// once; if it returns ErrStopped, never. It returns ErrStopped if Stop has returned
// before, may do so while Stop runs, and does so in no other case. Add never waits for a
// write.
func (f *Flusher) Add(line string) error {
	// TODO(8.2): keep the line, for write.
	// TODO(8.3): what if Stop has been called?
	return nil
}

// Stop writes what has been added and not yet been written, without waiting until it is
// due. It returns when everything has been written and nothing is left in the background.
//
// It may be called many times, also at the same time: each call returns when all is done.
func (f *Flusher) Stop() {
	// TODO(8.3): lose nothing, leave nothing behind.
}

// Signals is where signals come from. System has those of the operating system.
type Signals interface {
	// Notify sends the signals sig, and those only, to c as they come in. It does not
	// wait: a signal for which c has no room is lost.
	Notify(c chan<- os.Signal, sig ...os.Signal)
	// Stop ends what Notify began. When it has returned c gets no more signals, and if
	// nobody else has asked for them they end the program again.
	Stop(c chan<- os.Signal)
}

// System is the Signals of the operating system. It is complete as it is.
type System struct{}

// Notify calls signal.Notify.
func (System) Notify(c chan<- os.Signal, sig ...os.Signal) { signal.Notify(c, sig...) }

// Stop calls signal.Stop.
func (System) Stop(c chan<- os.Signal) { signal.Stop(c) }

// Run calls serve once, on a goroutine of its own, and returns what it returns. While
// serve runs, Run takes care of the signals os.Interrupt, which Ctrl-C sends, and
// syscall.SIGTERM, which all the others send who want a program to end; it asks for no
// other signals. The first one, of whichever kind, asks politely: it ends serve's
// context, and Run goes on waiting. The second one forces: Run returns ErrForced at once
// and leaves serve behind, for the program to end. Two signals are enough, however
// quickly one follows the other, and none is missed from the moment when serve begins.
// (If serve returns at the very moment when the second signal comes, either may win.)
//
// When Run has returned it takes care of no signals any more, and serve's context has
// ended. When serve has returned too, nothing is left in the background.
func Run(signals Signals, serve func(ctx context.Context) error) error {
	// TODO(8.4): the first signal asks, the second one does not.
	return nil
}

// Serve is a whole daemon. It takes lines from the channel and hands them to write as a
// Flusher does, until lines is closed or a signal comes; it heeds signals as Run does.
// After that it takes no more lines (those that come together with the signal may be
// taken or not), writes those that it has taken, without waiting until they are due, and
// returns nil. Every line taken is written, and once one has been taken no signal is
// missed.
//
// From its beginning until the last line has been written it calls beat as Heartbeat
// does, with the same duration: whoever watches sees that it lives, also while it takes
// its time to end. When it returns nil, nothing is left in the background.
//
// A second signal makes it return ErrForced at once, whatever it is waiting for: a write, a
// beat, or the last of either. What has not been written then may
// be lost. Once the write and the beat that are running have returned, no more than one
// other write comes, and nothing is left in the background.
func Serve(signals Signals, lines <-chan string, every time.Duration, write func(lines []string), beat func()) error {
	// TODO(8.5): put the parts together. What has to stop first, and what last?
	return nil
}
