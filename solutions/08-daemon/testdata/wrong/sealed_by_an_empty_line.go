// want: fail in TestFlusherWrites

// The mark of the end is compared by value, and an empty line looks like it.
package daemon

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	// ErrStopped says that a Flusher takes no more lines.
	ErrStopped = errors.New("flusher is stopped")
	// ErrForced says that a second signal came before the work was done.
	ErrForced = errors.New("forced to stop")
)

// Heartbeat calls beat in the background until ctx ends. It waits for the earlier of two
// things: the end of ctx, and the time of the next beat.
func Heartbeat(ctx context.Context, every time.Duration, beat func()) <-chan struct{} {
	done := make(chan struct{})
	due := time.Now().Add(every)
	go func() {
		defer close(done)
		for {
			waiting, cancel := context.WithDeadline(ctx, due)
			<-waiting.Done()
			cancel()
			if ctx.Err() != nil {
				return
			}
			beat()
			due = due.Add(every)
			for now := time.Now(); due.Before(now); {
				due = due.Add(max(now.Sub(due)/every, 1) * every)
			}
		}
	}()
	return done
}

// A node is a line, and those that were added before it.
type node struct {
	line   string
	before *node
}

// sealed is the last node of a Flusher that takes no more lines.
var sealed = &node{}

// A Flusher collects lines and writes them in the background, many at a time.
type Flusher struct {
	write   func(lines []string)
	last    atomic.Pointer[node] // the line added last, or nil, or sealed
	stop    chan struct{}
	once    sync.Once // for closing stop
	writing sync.WaitGroup
}

// NewFlusher returns a Flusher that hands its lines to write.
func NewFlusher(every time.Duration, write func(lines []string)) *Flusher {
	return newFlusher(context.Background(), every, write)
}

// newFlusher is NewFlusher, but when ctx has ended it writes only once more, for Stop.
func newFlusher(ctx context.Context, every time.Duration, write func(lines []string)) *Flusher {
	f := &Flusher{write: write, stop: make(chan struct{})}
	ticker := time.NewTicker(every)
	f.writing.Go(func() {
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if ctx.Err() == nil {
					f.flush(nil)
				}
			case <-f.stop:
				f.flush(sealed)
				return
			}
		}
	})
	return f
}

// flush writes the lines, and leaves something in their place.
func (f *Flusher) flush(instead *node) {
	var lines []string
	for n := f.last.Swap(instead); n != nil; n = n.before {
		lines = append(lines, n.line)
	}
	slices.Reverse(lines)
	if len(lines) > 0 {
		f.write(lines)
	}
}

// Add adds a line.
func (f *Flusher) Add(line string) error {
	n := &node{line: line}
	for {
		n.before = f.last.Load()
		if n.before != nil && *n.before == *sealed {
			return ErrStopped
		}
		if f.last.CompareAndSwap(n.before, n) {
			return nil
		}
	}
}

// Stop writes what has been added and not yet been written.
func (f *Flusher) Stop() {
	f.once.Do(func() { close(f.stop) })
	f.writing.Wait()
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

// Run calls serve once, on a goroutine of its own, and returns what it returns. Another
// goroutine listens for signals.
func Run(signals Signals, serve func(ctx context.Context) error) error {
	ctx, ask := context.WithCancel(context.Background())
	defer ask()
	forced, force := context.WithCancel(context.Background())
	defer force()

	received := make(chan os.Signal, 2)
	signals.Notify(received, os.Interrupt, syscall.SIGTERM)
	quit := make(chan struct{})
	var listener sync.WaitGroup
	listener.Go(func() {
		for _, act := range []func(){ask, force} {
			select {
			case <-received:
				act()
			case <-quit:
				return
			}
		}
	})
	defer listener.Wait()
	defer close(quit)
	defer signals.Stop(received)

	result := make(chan error, 1)
	go func() { result <- serve(ctx) }()
	select {
	case err := <-result:
		return err
	case <-forced.Done():
		return ErrForced
	}
}

// Serve is a whole daemon.
func Serve(signals Signals, lines <-chan string, every time.Duration, write func(lines []string), beat func()) error {
	return Run(signals, func(ctx context.Context) error {
		var dead <-chan struct{}
		alive, die := context.WithCancel(context.Background())
		defer func() {
			die()
			<-dead
		}()
		dead = Heartbeat(alive, every, beat)

		f := newFlusher(ctx, every, write)
		defer f.Stop()

		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
				return nil
			case line, ok := <-lines:
				if !ok {
					return nil
				}
				f.Add(line)
			}
		}
		return nil
	})
}
