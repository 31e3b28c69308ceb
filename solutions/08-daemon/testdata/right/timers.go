// Hearts are timers that call, lines a list of atomics that Stop seals, and each kind of signal has a channel. A beat or a write holds a lock that Stop waits for.
package daemon

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var (
	ErrStopped = errors.New("flusher is stopped")
	ErrForced  = errors.New("forced to stop")
)

type Signals interface {
	Notify(c chan<- os.Signal, sig ...os.Signal)
	Stop(c chan<- os.Signal)
}

type System struct{}

func (System) Notify(c chan<- os.Signal, sig ...os.Signal) { signal.Notify(c, sig...) }

func (System) Stop(c chan<- os.Signal) { signal.Stop(c) }

func Heartbeat(ctx context.Context, every time.Duration, beat func()) <-chan struct{} {
	done := make(chan struct{})
	var mu sync.Mutex
	var timer *time.Timer
	var armed, ended = true, false
	due := time.Now().Add(every)
	mu.Lock()
	defer mu.Unlock()
	timer = time.AfterFunc(every, func() {
		mu.Lock()
		defer mu.Unlock()
		armed = false
		if ended {
			close(done)
			return
		}
		if ctx.Err() != nil {
			return // the other one closes
		}
		beat()
		if ctx.Err() != nil {
			return
		}
		for !due.After(time.Now()) {
			due = due.Add(every)
		}
		armed = true
		timer.Reset(time.Until(due))
	})
	context.AfterFunc(ctx, func() {
		mu.Lock()
		defer mu.Unlock()
		ended = true
		if armed && !timer.Stop() {
			return // the one that is about to run closes
		}
		close(done)
	})
	return done
}

type Flusher struct {
	write func([]string)
	top   atomic.Pointer[node]
	stop  context.CancelFunc
	heart <-chan struct{}
	once  sync.Once
}

type node struct {
	line string
	next *node
	n    int
}

var sealed = &node{}

func NewFlusher(every time.Duration, write func(lines []string)) *Flusher {
	f := &Flusher{write: write}
	var ctx context.Context
	ctx, f.stop = context.WithCancel(context.Background())
	f.heart = Heartbeat(ctx, every, func() { f.hand(f.top.Swap(nil)) })
	return f
}

func (f *Flusher) hand(last *node) {
	if last == nil {
		return
	}
	lines := make([]string, last.n)
	for ; last != nil; last = last.next {
		lines[last.n-1] = last.line
	}
	f.write(lines)
}

func (f *Flusher) Add(line string) error {
	for {
		top := f.top.Load()
		if top == sealed {
			return ErrStopped
		}
		n := &node{line: line, next: top, n: 1}
		if top != nil {
			n.n = top.n + 1
		}
		if f.top.CompareAndSwap(top, n) {
			return nil
		}
	}
}

func (f *Flusher) Stop() {
	f.once.Do(func() {
		f.stop()
		<-f.heart
		f.hand(f.top.Swap(sealed))
	})
}

func Run(signals Signals, serve func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ints, terms := make(chan os.Signal, 2), make(chan os.Signal, 2)
	signals.Notify(ints, os.Interrupt)
	defer signals.Stop(ints)
	signals.Notify(terms, syscall.SIGTERM)
	defer signals.Stop(terms)
	result := make(chan error, 1)
	go func() { result <- serve(ctx) }()
	for n := 0; n < 2; n++ {
		select {
		case err := <-result:
			return err
		case <-ints:
		case <-terms:
		}
		cancel()
	}
	return ErrForced
}

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
