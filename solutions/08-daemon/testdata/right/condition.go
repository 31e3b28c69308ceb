// The lines are guarded by a condition; ticks and stops are booleans under its lock, and timers wake.
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

// Heartbeat calls beat in the background until ctx ends. Each beat's timer starts the next.
func Heartbeat(ctx context.Context, every time.Duration, beat func()) <-chan struct{} {
	done := make(chan struct{})
	begin := time.Now()
	go func() {
		defer close(done)
		for n := 1; ; n++ {
			if time.Since(begin) > time.Duration(n)*every {
				continue // it is late: left out
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Until(begin.Add(time.Duration(n) * every))):
			}
			if ctx.Err() != nil {
				return
			}
			beat()
		}
	}()
	return done
}

// A Flusher collects lines and writes them in the background.
type Flusher struct {
	write func(lines []string)

	mu      sync.Mutex
	changed *sync.Cond
	lines   []string
	due     bool
	stopped bool
	ended   bool
}

// NewFlusher returns a Flusher that hands its lines to write.
func NewFlusher(every time.Duration, write func(lines []string)) *Flusher {
	f := &Flusher{write: write}
	f.changed = sync.NewCond(&f.mu)
	go f.run(every)
	return f
}

func (f *Flusher) run(every time.Duration) {
	ctx, cancel := context.WithCancel(context.Background())
	clock := Heartbeat(ctx, every, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.due = true
		f.changed.Broadcast()
	})
	f.mu.Lock()
	for {
		for !f.due && !f.stopped {
			f.changed.Wait()
		}
		lines, last := f.lines, f.stopped
		f.lines, f.due = nil, false
		f.mu.Unlock()
		if len(lines) > 0 {
			f.write(lines)
		}
		if last {
			break
		}
		f.mu.Lock()
	}
	cancel()
	<-clock
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
	f.changed.Broadcast()
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
	defer f.mu.Unlock()
	f.stopped = true
	f.changed.Broadcast()
	for !f.ended {
		f.changed.Wait()
	}
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
	first, second := make(chan os.Signal, 4), make(chan struct{})
	signals.Notify(first, os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithCancel(context.Background())
	result := make(chan error, 1)
	defer func() {
		signals.Stop(first)
		close(first) // nobody sends any more, and the goroutine below ends
		cancel()
	}()
	go func() { result <- serve(ctx) }()
	go func() {
		if _, ok := <-first; ok {
			cancel()
		}
		if _, ok := <-first; ok {
			close(second)
		}
	}()
	select {
	case err := <-result:
		return err
	case <-second:
		return ErrForced
	}
}

// Serve is a whole daemon.
func Serve(signals Signals, lines <-chan string, every time.Duration, write func(lines []string), beat func()) error {
	return Run(signals, func(ctx context.Context) error {
		alive, die := context.WithCancel(context.Background())
		heart := Heartbeat(alive, every, beat)
		f := NewFlusher(every, write)
		var collecting sync.WaitGroup
		collecting.Go(func() {
			for {
				select {
				case line, ok := <-lines:
					if !ok {
						return
					}
					f.Add(line)
				case <-ctx.Done():
					return
				}
			}
		})
		collecting.Wait()
		f.Stop()
		die()
		<-heart
		return nil
	})
}
