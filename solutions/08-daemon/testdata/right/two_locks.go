// One lock for the lines and one for whoever writes, so that Stop can do the last write itself.
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

// Heartbeat calls beat in the background until ctx ends. A beat holds a lock, which the
// end takes too.
func Heartbeat(ctx context.Context, every time.Duration, beat func()) <-chan struct{} {
	done := make(chan struct{})
	var beating sync.WaitGroup
	beating.Add(1)
	go func() {
		defer beating.Done()
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
				continue
			case <-ticker.C:
			}
			if ctx.Err() != nil {
				break
			}
			beat()
		}
	}()
	go func() {
		beating.Wait()
		close(done)
	}()
	return done
}

// A Flusher collects lines and writes them in the background.
type Flusher struct {
	write   func(lines []string)
	cancel  context.CancelFunc
	writing sync.Mutex // held by whoever writes, and taken before mu

	mu      sync.RWMutex
	lines   []string
	stopped bool
}

// NewFlusher returns a Flusher that hands its lines to write.
func NewFlusher(every time.Duration, write func(lines []string)) *Flusher {
	ctx, cancel := context.WithCancel(context.Background())
	f := &Flusher{write: write}
	ended := Heartbeat(ctx, every, f.flush)
	f.cancel = func() { cancel(); <-ended }
	return f
}

func (f *Flusher) flush() {
	f.writing.Lock()
	defer f.writing.Unlock()
	f.mu.Lock()
	lines := append([]string(nil), f.lines...)
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
	f.stopped = true
	f.mu.Unlock()
	f.cancel()
	f.flush()
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
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	result := make(chan error, 2)
	over := make(chan struct{})
	defer close(over)
	go func() { result <- serve(ctx) }()
	go func() {
		for _, err := range []error{nil, ErrForced} {
			select {
			case <-received:
				cancel(err)
				if err != nil {
					result <- err
				}
			case <-over:
				return
			}
		}
	}()
	return <-result
}

// Serve is a whole daemon.
func Serve(signals Signals, lines <-chan string, every time.Duration, write func(lines []string), beat func()) error {
	alive, die := context.WithCancel(context.Background())
	serve := func(ctx context.Context) error {
		heart := Heartbeat(alive, every, beat)
		f := NewFlusher(every, write)
		for {
			select {
			case line, ok := <-lines:
				if ok {
					f.Add(line)
					continue
				}
			case <-ctx.Done():
			}
			break
		}
		f.Stop()
		die()
		<-heart
		return nil
	}
	return Run(signals, serve)
}
