// want: fail in TestServeBeatsToTheEnd, fail in TestServeIsForced

// When the channel is closed Serve tells the heart to stop, and does not wait until it has.
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
	ticker := time.NewTicker(every)
	go func() {
		defer close(done)
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
	stop  chan struct{} // closed together with the setting of stopped
	done  chan struct{} // closed when all is written

	mu      sync.Mutex
	lines   []string
	stopped bool
}

// NewFlusher returns a Flusher that hands its lines to write.
func NewFlusher(every time.Duration, write func(lines []string)) *Flusher {
	return newFlusher(context.Background(), every, write)
}

// newFlusher is NewFlusher, but when ctx has ended nothing is written any more before Stop.
func newFlusher(ctx context.Context, every time.Duration, write func(lines []string)) *Flusher {
	f := &Flusher{
		write: write,
		stop:  make(chan struct{}),
		done:  make(chan struct{}),
	}
	ticker := time.NewTicker(every)
	go func() {
		defer close(f.done)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if ctx.Err() == nil {
					f.flush()
				}
			case <-f.stop:
				f.flush()
				return
			}
		}
	}()
	return f
}

// flush is called by the goroutine of the Flusher only.
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

// Stop writes what has been added and not yet been written.
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

// Run calls serve once, on a goroutine of its own, and returns what it returns.
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
		defer die()
		heart := Heartbeat(alive, every, beat)
		f := newFlusher(ctx, every, write)

		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case line, ok := <-lines:
				if !ok {
					f.Stop()
					return nil
				}
				f.Add(line)
			}
		}
		f.Stop()
		die()
		<-heart
		return nil
	})
}
