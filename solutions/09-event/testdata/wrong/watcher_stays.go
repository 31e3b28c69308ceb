// want: leak in TestWaitContext, leak in TestLight

// Who waits starts a goroutine that watches ctx, and leaves it behind when he need not wait any more.
package event

import (
	"context"
	"sync"
	"time"
)

// A monitor is a lock and a condition whose waits may end with a context.
type monitor struct {
	sync.Mutex
	cond sync.Cond
}

func (m *monitor) init() { m.cond.L = &m.Mutex }

// until waits for ok, which it calls under the lock, or for the end of ctx. The caller holds the lock.
func (m *monitor) until(ctx context.Context, ok func() bool) error {
	if ok() {
		return nil
	}
	if ctx.Done() == nil {
		for !ok() {
			m.cond.Wait()
		}
		return nil
	}
	go func() {
		<-ctx.Done()
		m.Lock()
		defer m.Unlock()
		m.cond.Broadcast()
	}()
	for {
		ended := ctx.Err() // before looking: what came before the end counts
		if ok() {
			return nil
		}
		if ended != nil {
			return ended
		}
		m.cond.Wait()
	}
}

type Event struct {
	m    monitor
	set  bool
	sets uint64
}

func New() *Event {
	e := new(Event)
	e.m.init()
	return e
}

func (e *Event) Set() {
	e.m.Lock()
	defer e.m.Unlock()
	if e.set {
		return
	}
	e.set = true
	e.sets++
	e.m.cond.Broadcast()
}

func (e *Event) IsSet() bool {
	e.m.Lock()
	defer e.m.Unlock()
	return e.set
}

func (e *Event) Clear() {
	e.m.Lock()
	defer e.m.Unlock()
	e.set = false
}

func (e *Event) Wait(ctx context.Context) error {
	e.m.Lock()
	defer e.m.Unlock()
	before := e.sets
	return e.m.until(ctx, func() bool { return e.set || e.sets != before })
}

func (e *Event) WaitTimeout(d time.Duration) bool {
	if d <= 0 {
		return e.IsSet()
	}
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return e.Wait(ctx) == nil
}

type Latch struct {
	m       monitor
	missing int
}

func NewLatch(n int) *Latch {
	l := &Latch{missing: n}
	l.m.init()
	return l
}

func (l *Latch) CountDown() {
	l.m.Lock()
	defer l.m.Unlock()
	if l.missing > 0 {
		l.missing--
	}
	if l.missing == 0 {
		l.m.cond.Broadcast()
	}
}

func (l *Latch) Wait(ctx context.Context) error {
	l.m.Lock()
	defer l.m.Unlock()
	return l.m.until(ctx, func() bool { return l.missing <= 0 })
}

type Light struct {
	m      monitor
	green  bool
	inside int
}

func NewLight() *Light {
	l := new(Light)
	l.m.init()
	return l
}

func (l *Light) Green() {
	l.m.Lock()
	defer l.m.Unlock()
	l.green = true
	l.m.cond.Broadcast()
}

func (l *Light) Red(ctx context.Context) error {
	l.m.Lock()
	defer l.m.Unlock()
	l.green = false
	return l.m.until(ctx, func() bool { return l.inside == 0 })
}

func (l *Light) Cross(ctx context.Context, drive func()) error {
	l.m.Lock()
	err := l.m.until(ctx, func() bool {
		if l.green {
			l.inside++
		}
		return l.green
	})
	l.m.Unlock()
	if err != nil {
		return err
	}
	defer func() {
		l.m.Lock()
		defer l.m.Unlock()
		l.inside--
		if l.inside == 0 {
			l.m.cond.Broadcast()
		}
	}()
	drive()
	return nil
}
