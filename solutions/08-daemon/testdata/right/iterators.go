// Loops are iterators over functions, and a Flusher is two closures over a channel that holds the lines.
package daemon

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

var (
	// ErrStopped says that a Flusher takes no more lines.
	ErrStopped = errors.New("flusher is stopped")
	// ErrForced says that a second signal came before the work was done.
	ErrForced = errors.New("forced to stop")
)

// ticks begins to count now. Whoever ranges over it goes round when a tick is due, until
// ctx ends.
func ticks(ctx context.Context, every time.Duration) func(yield func() bool) {
	ticker := time.NewTicker(every)
	return func(yield func() bool) {
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
			case <-ticker.C:
			}
			if ctx.Err() != nil || !yield() {
				return
			}
		}
	}
}

// Heartbeat calls beat in the background until ctx ends.
func Heartbeat(ctx context.Context, every time.Duration, beat func()) <-chan struct{} {
	done := make(chan struct{})
	due := ticks(ctx, every)
	go func() {
		defer close(done)
		for range due {
			beat()
		}
	}()
	return done
}

// A Flusher collects lines and writes them in the background, many at a time.
type Flusher struct {
	add  func(line string) error // Add
	stop func()                  // Stop
}

// NewFlusher returns a Flusher that hands its lines to write.
func NewFlusher(every time.Duration, write func(lines []string)) *Flusher {
	return newFlusher(context.Background(), every, write)
}

// newFlusher returns a Flusher for which no write is due any more when ctx has ended.
func newFlusher(ctx context.Context, every time.Duration, write func(lines []string)) *Flusher {
	ctx, cancel := context.WithCancel(ctx)

	// The lines lie in the box. Whoever has taken them out has the lock, so to speak; he
	// puts something back, or closes the box.
	box := make(chan []string, 1)
	box <- nil
	writeSome := func(lines []string) {
		if len(lines) > 0 {
			write(lines)
		}
	}
	rest := make(chan []string, 1) // what Stop has found in the box
	done := make(chan struct{})
	due := ticks(ctx, every)
	go func() {
		defer close(done)
		for range due {
			if lines, open := <-box; open {
				box <- nil
				writeSome(lines)
			}
		}
		writeSome(<-rest)
	}()
	tell := sync.OnceFunc(func() {
		rest <- <-box
		close(box)
		cancel()
	})
	return &Flusher{
		add: func(line string) error {
			lines, open := <-box
			if !open {
				return ErrStopped
			}
			box <- append(lines, line)
			return nil
		},
		stop: func() {
			tell()
			<-done
		},
	}
}

// Add adds a line.
func (f *Flusher) Add(line string) error { return f.add(line) }

// Stop writes what has been added and not yet been written.
func (f *Flusher) Stop() { f.stop() }

// Signals is where signals come from. System has those of the operating system.
type Signals interface {
	Notify(c chan<- os.Signal, sig ...os.Signal)
	Stop(c chan<- os.Signal)
}

// System is the Signals of the operating system.
type System struct{}

// Notify calls signal.Notify.
func (System) Notify(c chan<- os.Signal, sig ...os.Signal) { signal.Notify(c, sig...) }

// Stop calls signal.Stop.
func (System) Stop(c chan<- os.Signal) { signal.Stop(c) }

// Run calls serve and takes care of the signals.
func Run(signals Signals, serve func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	received := make(chan os.Signal, 2)
	signals.Notify(received, os.Interrupt, syscall.SIGTERM)
	defer signals.Stop(received)

	result := make(chan error, 1)
	go func() { result <- serve(ctx) }()

	const (
		serving = iota
		asked
		forced
	)
	for state := serving; state != forced; state++ { // each signal is a step
		select {
		case err := <-result:
			return err
		case <-received:
			cancel()
		}
	}
	return ErrForced
}

// until yields the values from c until it is closed or ctx ends.
func until[T any](ctx context.Context, c <-chan T) func(yield func(T) bool) {
	return func(yield func(T) bool) {
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case v, ok := <-c:
				if !ok || !yield(v) {
					return
				}
			}
		}
	}
}

// Serve is a whole daemon.
func Serve(signals Signals, lines <-chan string, every time.Duration, write func(lines []string), beat func()) error {
	return Run(signals, func(ctx context.Context) error {
		alive, die := context.WithCancel(context.Background())
		defer die()
		heart := Heartbeat(alive, every, beat)
		f := newFlusher(ctx, every, write)
		for line := range until(ctx, lines) {
			f.Add(line)
		}
		f.Stop()
		die()
		<-heart
		return nil
	})
}
