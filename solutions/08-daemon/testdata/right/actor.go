// One goroutine owns the lines and another one writes them: channels only, no lock.
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

// Heartbeat calls beat in the background until ctx ends. It counts where it should be.
func Heartbeat(ctx context.Context, every time.Duration, beat func()) <-chan struct{} {
	done := make(chan struct{})
	next := time.Now().Add(every)
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			timer := time.NewTimer(time.Until(next))
			select {
			case <-ctx.Done():
				timer.Stop()
				return
			case <-timer.C:
			}
			if ctx.Err() == nil {
				beat()
			}
			for next = next.Add(every); next.Before(time.Now()); {
				next = next.Add(every) // left out
			}
		}
	}()
	return done
}

// A Flusher collects lines and writes them in the background.
type Flusher struct {
	added chan string
	quit  chan struct{} // closed by the first Stop
	done  chan struct{} // closed when all is written
	once  sync.Once
}

// NewFlusher returns a Flusher that hands its lines to write.
func NewFlusher(every time.Duration, write func(lines []string)) *Flusher {
	f := &Flusher{added: make(chan string), quit: make(chan struct{}), done: make(chan struct{})}
	batches := make(chan []string)
	go func() {
		defer close(f.done)
		for lines := range batches {
			write(lines)
		}
	}()
	go f.collect(every, batches)
	return f
}

// collect owns the lines. It offers them to the writer once they are due.
func (f *Flusher) collect(every time.Duration, batches chan<- []string) {
	defer close(batches)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var lines []string
	var due chan<- []string // nil until there is something that should be written
	for {
		select {
		case line := <-f.added:
			lines = append(lines, line)
		case <-ticker.C:
			if len(lines) > 0 {
				due = batches
			}
		case due <- lines:
			lines, due = nil, nil
		case <-f.quit:
			if len(lines) > 0 {
				batches <- lines
			}
			return
		}
	}
}

// Add adds a line.
func (f *Flusher) Add(line string) error {
	select {
	case f.added <- line:
		return nil
	case <-f.quit:
		return ErrStopped
	}
}

// Stop writes the rest and waits for the end.
func (f *Flusher) Stop() {
	f.once.Do(func() { close(f.quit) })
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
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	interrupts := make(chan os.Signal, 8)
	signals.Notify(interrupts, syscall.SIGTERM)
	signals.Notify(interrupts, os.Interrupt)
	defer signals.Stop(interrupts)

	var err error
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		err = serve(ctx)
	}()
	for asked := false; ; asked = true {
		select {
		case <-returned:
			return err
		case <-interrupts:
			if asked {
				return ErrForced
			}
			cancel()
		}
	}
}

// Serve is a whole daemon.
func Serve(signals Signals, lines <-chan string, every time.Duration, write func(lines []string), beat func()) error {
	return Run(signals, func(ctx context.Context) error {
		alive, die := context.WithCancel(context.WithoutCancel(ctx))
		heart := Heartbeat(alive, every, beat)
		defer func() { die(); <-heart }()
		f := NewFlusher(every, write)
		defer f.Stop()
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
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
