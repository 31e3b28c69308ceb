// want: fail in TestBatchesAreTheWriters, race in TestAddDoesNotWait, race in TestAddsAreNotLost

// The next lines are put into the slice that write has got.
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
					return
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

// run writes every now and then.
func (f *Flusher) run(every time.Duration) {
	defer close(f.done)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			f.flush()
		case <-f.stop:
			f.flush()
			return
		}
	}
}

// flush writes the lines.
func (f *Flusher) flush() {
	f.mu.Lock()
	lines := f.lines
	f.lines = f.lines[:0]
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

// Stop writes the rest and waits for the end.
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
	signals.Notify(received, os.Interrupt, syscall.SIGTERM)
	defer signals.Stop(received)

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	result := make(chan error, 1)
	go func() { result <- serve(ctx) }()

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

// Serve is a whole daemon.
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

// collect adds lines to f.
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
