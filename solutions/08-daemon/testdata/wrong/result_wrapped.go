// want: fail in TestRunReturnsResult

// Run says of serve's error that it is serve's, and so returns another one.
package daemon

import (
	"context"
	"errors"
	"fmt"
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

// Heartbeat calls beat in the background until ctx ends.
func Heartbeat(ctx context.Context, every time.Duration, beat func()) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if ctx.Err() != nil {
					return // both cases were possible, and select does not prefer the first
				}
				beat()
			}
		}
	}()
	return done
}

// A Flusher collects lines and writes them in the background, many at a time.
type Flusher struct {
	write func(lines []string)
	stop  chan struct{} // closed by the first Stop
	done  chan struct{} // closed by the goroutine when it ends

	mu      sync.Mutex
	lines   []string // to be written; guarded by mu
	stopped bool     // stop is closed, and lines gets no more; guarded by mu
}

// NewFlusher returns a Flusher that hands its lines to write.
func NewFlusher(every time.Duration, write func(lines []string)) *Flusher {
	f := &Flusher{write: write, stop: make(chan struct{}), done: make(chan struct{})}
	go f.run(every)
	return f
}

// run is the only one that writes, so that writes cannot overlap.
func (f *Flusher) run(every time.Duration) {
	defer close(f.done)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			f.flush()
		case <-f.stop:
			f.flush() // nothing can be added any more, so this is everything
			return
		}
	}
}

// flush takes the lines under the lock and writes them without it, so that Add need not
// wait. The next Add begins a slice of its own.
func (f *Flusher) flush() {
	f.mu.Lock()
	lines := f.lines
	f.lines = nil
	f.mu.Unlock()
	if len(lines) > 0 {
		f.write(lines)
	}
}

// Add adds a line.
func (f *Flusher) Add(line string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopped {
		return ErrStopped
	}
	f.lines = append(f.lines, line)
	return nil
}

// Stop writes the rest and waits for the end. It must not wait with the lock in its
// hand: the goroutine needs it for its last flush.
func (f *Flusher) Stop() {
	f.mu.Lock()
	if !f.stopped {
		f.stopped = true
		close(f.stop)
	}
	f.mu.Unlock()
	<-f.done
}

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

// Run calls serve and returns what it returns, or ErrForced.
func Run(signals Signals, serve func(ctx context.Context) error) error {
	received := make(chan os.Signal, 2)
	signals.Notify(received, os.Interrupt, syscall.SIGTERM) // before serve begins
	defer signals.Stop(received)

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	result := make(chan error, 1)
	go func() {
		err := serve(ctx)
		if err != nil {
			err = fmt.Errorf("serve: %w", err)
		}
		result <- err
	}()

	select {
	case err := <-result:
		return err
	case <-received:
		cancel()
	}
	select {
	case err := <-result:
		return err
	case <-received:
		return ErrForced
	}
}

// Serve is a whole daemon: it stops what takes work in, then what does the work, and
// last what says that it lives. So the heart has a context of its own: serve's ends
// with the first signal, when the last lines are yet to be written.
func Serve(signals Signals, lines <-chan string, every time.Duration, write func(lines []string), beat func()) error {
	return Run(signals, func(ctx context.Context) error {
		alive, die := context.WithCancel(context.Background())
		heart := Heartbeat(alive, every, beat)
		f := NewFlusher(every, write)
		collect(ctx, lines, f)
		f.Stop()
		die()
		<-heart
		return nil
	})
}

// collect adds lines to f until there are no more or ctx ends. A line that it has taken
// it adds, whatever has happened in between.
func collect(ctx context.Context, lines <-chan string, f *Flusher) {
	for {
		select {
		case <-ctx.Done():
			return
		case line, ok := <-lines:
			if !ok {
				return
			}
			f.Add(line)
		}
	}
}
