// want: fail in TestRunStopsGracefully

// Run takes the end of serve's context for no error, although serve returned it.
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

// A rhythm knows what is due when: after the duration every, after twice that, and so on.
type rhythm struct {
	start time.Time
	every time.Duration
	last  time.Duration // the number of the last one
}

// next goes on to the next one that is not over yet, and says how long it is until then.
func (r *rhythm) next() time.Duration {
	elapsed := time.Since(r.start)
	n := elapsed / r.every
	if n*r.every < elapsed {
		n++
	}
	r.last = max(n, r.last+1)
	return r.last*r.every - elapsed
}

// A heart needs no goroutine as long as it does not beat.
type heart struct {
	ctx  context.Context
	beat func()
	done chan struct{}

	mu     sync.Mutex
	timer  *time.Timer
	rhythm rhythm
	ended  bool
}

// Heartbeat calls beat in the background until ctx ends.
func Heartbeat(ctx context.Context, every time.Duration, beat func()) <-chan struct{} {
	h := &heart{ctx: ctx, beat: beat, done: make(chan struct{})}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.rhythm = rhythm{start: time.Now(), every: every, last: 1}
	h.timer = time.AfterFunc(every, h.due)
	context.AfterFunc(ctx, h.end)
	return h.done
}

// due is called when a beat is due.
func (h *heart) due() {
	if h.ctx.Err() == nil {
		h.beat()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		close(h.done)
		return
	}
	h.timer.Reset(h.rhythm.next())
}

// end is called when the context has ended.
func (h *heart) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	if h.timer.Stop() {
		close(h.done)
	}
	// Otherwise due has been called, has not yet come to its end, and will close done.
}

// A Flusher collects lines and writes them in the background, many at a time.
type Flusher struct {
	ctx   context.Context
	write func(lines []string)

	mu      sync.Mutex
	changed sync.Cond
	timer   *time.Timer
	rhythm  rhythm
	lines   []string
	stopped bool // takes no more lines
	quiet   bool // due is not running and will not be called again
	written bool // everything
}

// NewFlusher returns a Flusher that hands its lines to write.
func NewFlusher(every time.Duration, write func(lines []string)) *Flusher {
	return newFlusher(context.Background(), every, write)
}

// newFlusher is NewFlusher, but when ctx has ended nothing is due any more.
func newFlusher(ctx context.Context, every time.Duration, write func(lines []string)) *Flusher {
	f := &Flusher{ctx: ctx, write: write}
	f.changed.L = &f.mu
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rhythm = rhythm{start: time.Now(), every: every, last: 1}
	f.timer = time.AfterFunc(every, f.due)
	return f
}

// due is called when a write is due.
func (f *Flusher) due() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.stopped && f.ctx.Err() == nil {
		f.flush()
	}
	if f.stopped {
		f.quiet = true
		f.changed.Broadcast()
		return
	}
	f.timer.Reset(f.rhythm.next())
}

// flush is called with the lock, and gives it back for the time of the write.
func (f *Flusher) flush() {
	lines := f.lines
	f.lines = nil
	if len(lines) == 0 {
		return
	}
	f.mu.Unlock()
	f.write(lines)
	f.mu.Lock()
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
	defer f.mu.Unlock()
	if !f.stopped {
		f.stopped = true
		if f.timer.Stop() {
			f.quiet = true
		}
		for !f.quiet {
			f.changed.Wait()
		}
		f.flush()
		f.written = true
		f.changed.Broadcast()
	}
	for !f.written {
		f.changed.Wait()
	}
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
	asked := false
	for {
		select {
		case err := <-result:
			if asked && errors.Is(err, context.Canceled) {
				return nil // it did what it was asked to do
			}
			return err
		case <-received:
			if asked {
				return ErrForced
			}
			asked = true
			cancel()
		}
	}
}

// Serve is a whole daemon.
func Serve(signals Signals, lines <-chan string, every time.Duration, write func(lines []string), beat func()) error {
	return Run(signals, func(ctx context.Context) error {
		alive, die := context.WithCancel(context.Background())
		dead := Heartbeat(alive, every, beat)
		f := newFlusher(ctx, every, write)
		for {
			line, ok := take(ctx, lines)
			if !ok {
				break
			}
			f.Add(line)
		}
		f.Stop()
		die()
		<-dead
		return nil
	})
}

// take returns the next line, and false if there are no more or ctx has ended.
func take(ctx context.Context, lines <-chan string) (string, bool) {
	if ctx.Err() != nil {
		return "", false
	}
	select {
	case <-ctx.Done():
		return "", false
	case line, ok := <-lines:
		return line, ok
	}
}
