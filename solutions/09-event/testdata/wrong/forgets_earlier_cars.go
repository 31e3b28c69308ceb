// want: fail in TestLightStaysRed

// Every green counts its own cars: Red does not wait for one that has been there since the green before.
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
	return ctx.Err()
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

type phase struct {
	inside  int
	red     bool
	emptied chan struct{}
}

type Light struct {
	mu     sync.Mutex
	now    *phase
	turned chan struct{} // closed by Green
}

func NewLight() *Light {
	return &Light{now: &phase{red: true}, turned: make(chan struct{})}
}

func (l *Light) Green() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now.red {
		l.now = &phase{emptied: make(chan struct{})}
		close(l.turned)
	}
}

func (l *Light) Red(ctx context.Context) error {
	l.mu.Lock()
	if !l.now.red {
		l.now.red = true
		l.turned = make(chan struct{})
	}
	p := l.now
	if p.inside == 0 {
		l.mu.Unlock()
		return nil
	}
	l.mu.Unlock()
	if first(p.emptied, ctx.Done()) {
		return nil
	}
	return ctx.Err()
}

func (l *Light) enter() (p *phase, wait chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.now.red {
		return nil, l.turned
	}
	l.now.inside++
	return l.now, nil
}

func (l *Light) leave(p *phase) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.inside--; p.inside == 0 && p.red {
		close(p.emptied)
	}
}

func (l *Light) Cross(ctx context.Context, drive func()) error {
	for {
		p, turned := l.enter()
		if p != nil {
			defer l.leave(p)
			drive()
			return nil
		}
		select {
		case <-turned:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
