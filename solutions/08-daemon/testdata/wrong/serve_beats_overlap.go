// want: fail in TestServeBeatsToTheEnd

// Serve is a loop of its own, and begins a beat when one is due, whether or not another one runs.
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

type Flusher struct {
	write func([]string)
	add   chan string
	stop  chan struct{}
	done  chan struct{}
	once  sync.Once
}

func NewFlusher(every time.Duration, write func(lines []string)) *Flusher {
	f := &Flusher{write: write, add: make(chan string), stop: make(chan struct{}), done: make(chan struct{})}
	go f.own(every)
	return f
}

func (f *Flusher) own(every time.Duration) {
	defer close(f.done)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var lines []string
	var written chan struct{}
	late := false
	begin := func() {
		late = false
		if len(lines) == 0 {
			return
		}
		batch, w := lines, make(chan struct{})
		lines, written = nil, w
		go func() {
			defer close(w)
			f.write(batch)
		}()
	}
	for {
		select {
		case line := <-f.add:
			lines = append(lines, line)
		case <-ticker.C:
			if written != nil {
				late = true
			} else {
				begin()
			}
		case <-written:
			written = nil
			if late {
				begin()
			}
		case <-f.stop:
			if written != nil {
				<-written
			}
			begin()
			if written != nil {
				<-written
			}
			return
		}
	}
}

func (f *Flusher) Add(line string) error {
	select {
	case f.add <- line:
		return nil
	case <-f.stop:
		return ErrStopped
	}
}

func (f *Flusher) Stop() {
	f.once.Do(func() { close(f.stop) })
	<-f.done
}

func Run(signals Signals, serve func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := make(chan os.Signal, 2)
	signals.Notify(c, os.Interrupt, syscall.SIGTERM)
	defer signals.Stop(c)
	result := make(chan error, 1)
	go func() { result <- serve(ctx) }()
	select {
	case err := <-result:
		return err
	case <-c:
		cancel()
	}
	select {
	case err := <-result:
		return err
	case <-c:
		return ErrForced
	}
}

func Serve(signals Signals, lines <-chan string, every time.Duration, write func(lines []string), beat func()) error {
	c := make(chan os.Signal, 2)
	signals.Notify(c, os.Interrupt, syscall.SIGTERM)
	defer signals.Stop(c)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	run := func(f func()) chan struct{} {
		done := make(chan struct{})
		go func() {
			defer close(done)
			f()
		}()
		return done
	}
	var batch []string
	var writing, beating chan struct{}
	asked, ending, late := false, false, false
	for {
		if writing == nil && len(batch) > 0 && (ending || late) {
			rest := batch
			writing = run(func() { write(rest) })
			batch, late = nil, false
		}
		if ending && writing == nil && beating == nil {
			return nil
		}
		in := lines
		if ending {
			in = nil
		}
		select {
		case <-c:
			if asked {
				return ErrForced
			}
			asked, ending = true, true
		case line, ok := <-in:
			if ok {
				batch = append(batch, line)
			} else {
				ending = true
			}
		case <-writing:
			writing = nil
		case <-beating:
			beating = nil
		case <-ticker.C:
			late = len(batch) > 0
			if !ending || writing != nil {
				beating = run(beat)
			}
		}
	}
}
