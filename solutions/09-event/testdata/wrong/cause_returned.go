// want: fail in TestWaitContext, fail in TestLatch, fail in TestLatchCountsAll, fail in TestLight, fail in TestClearAfterSet

// Whoever gives up returns context.Cause(ctx), which need not be ctx.Err().
package event

import (
	"context"
	"sync"
	"time"
)

type Event struct {
	mu  sync.Mutex
	set bool
	ch  chan struct{} // closed by the Set of this round
}

func New() *Event { return &Event{ch: make(chan struct{})} }

func (e *Event) Set() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.set {
		e.set = true
		close(e.ch)
	}
}

func (e *Event) IsSet() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.set
}

func (e *Event) Clear() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.set {
		e.set = false
		e.ch = make(chan struct{})
	}
}

func (e *Event) round() chan struct{} {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.ch
}

// first waits for ch or done, and reports whether ch was closed when it looked last.
func first(ch <-chan struct{}, done <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	case <-done:
	}
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

func (e *Event) Wait(ctx context.Context) error {
	if first(e.round(), ctx.Done()) {
		return nil
	}
	return context.Cause(ctx)
}

func (e *Event) WaitTimeout(d time.Duration) bool {
	if d <= 0 {
		return e.IsSet()
	}
	ch := e.round()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ch:
		return true
	case <-timer.C:
		select {
		case <-ch:
			return true
		default:
			return false
		}
	}
}

type Latch struct {
	mu      sync.Mutex
	missing int
	open    *Event
}

func NewLatch(n int) *Latch {
	l := &Latch{missing: n, open: New()}
	if n <= 0 {
		l.open.Set()
	}
	return l
}

func (l *Latch) CountDown() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.missing > 0 {
		if l.missing--; l.missing == 0 {
			l.open.Set()
		}
	}
}

func (l *Latch) Wait(ctx context.Context) error { return l.open.Wait(ctx) }

type Light struct {
	mu      sync.Mutex
	green   bool
	turned  chan struct{} // closed by Green
	inside  int
	emptied chan struct{} // closed by the last car that leaves on red
}

func NewLight() *Light { return &Light{turned: make(chan struct{})} }

func (l *Light) Green() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.green {
		l.green = true
		close(l.turned)
	}
}

func (l *Light) Red(ctx context.Context) error {
	l.mu.Lock()
	if l.green {
		l.green = false
		l.turned = make(chan struct{})
	}
	if l.inside == 0 {
		l.mu.Unlock()
		return nil
	}
	emptied := make(chan struct{})
	l.emptied = emptied
	l.mu.Unlock()
	if first(emptied, ctx.Done()) {
		return nil
	}
	return context.Cause(ctx)
}

// enter gets on the crossing, or says what to wait for.
func (l *Light) enter() (wait chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.green {
		return l.turned
	}
	l.inside++
	return nil
}

func (l *Light) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inside--; l.inside == 0 && l.emptied != nil {
		close(l.emptied)
		l.emptied = nil
	}
}

func (l *Light) Cross(ctx context.Context, drive func()) error {
	for {
		turned := l.enter()
		if turned == nil {
			defer l.leave()
			drive()
			return nil
		}
		select {
		case <-turned:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
