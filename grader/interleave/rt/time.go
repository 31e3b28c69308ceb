package rt

import (
	"time"
	"unsafe"
)

// epoch is what time.Now is at the start of every schedule, as in testing/synctest.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Sleep is time.Sleep(d).
//
//go:norace
func Sleep(d time.Duration) {
	g := current()
	if g == nil {
		time.Sleep(d)
		return
	}
	s := g.s
	g.until = s.after(d)
	g.nap(d)
	g.point(OpSleep, s.object(unsafe.Pointer(&s.clock)))
	s.read(g, g.object)
}

// after returns the time d from now; overflow is for ever.
//
//go:norace
func (s *scheduler) after(d time.Duration) int64 {
	if d <= 0 {
		return s.clock
	}
	t := s.clock + int64(d)
	if t < 0 {
		return 1<<63 - 1
	}
	return t
}

// Now is time.Now().
//
//go:norace
func Now() time.Time {
	g := current()
	if g == nil {
		return time.Now()
	}
	return g.now()
}

//go:norace
func (g *goroutine) now() time.Time {
	s := g.s
	s.watched = watch
	g.point(OpNow, s.object(unsafe.Pointer(&s.clock)))
	s.read(g, g.object)
	return epoch.Add(time.Duration(s.clock))
}

// Since is time.Since(t).
//
//go:norace
func Since(t time.Time) time.Duration {
	if g := current(); g != nil {
		return g.now().Sub(t)
	}
	return time.Since(t)
}

// Until is time.Until(t).
//
//go:norace
func Until(t time.Time) time.Duration {
	if g := current(); g != nil {
		return t.Sub(g.now())
	}
	return time.Until(t)
}

// After is time.After(d).
//
//go:norace
func After(d time.Duration) <-chan time.Time {
	if current() == nil {
		return time.After(d)
	}
	return NewTimer(d).C
}

// Tick is time.Tick(d).
//
//go:norace
func Tick(d time.Duration) <-chan time.Time {
	if current() == nil {
		return time.Tick(d)
	}
	if d <= 0 {
		return nil
	}
	return NewTicker(d).C
}

// NewTimer is time.NewTimer(d).
//
//go:norace
func NewTimer(d time.Duration) *time.Timer {
	g := current()
	if g == nil {
		return time.NewTimer(d)
	}
	t := g.newTimerChannel(d, 0)
	real := &time.Timer{C: t.c}
	t.key = unsafe.Pointer(real)
	return real
}

// NewTicker is time.NewTicker(d).
//
//go:norace
func NewTicker(d time.Duration) *time.Ticker {
	g := current()
	if g == nil {
		return time.NewTicker(d)
	}
	if d <= 0 {
		panic("non-positive interval for NewTicker")
	}
	t := g.newTimerChannel(d, d)
	real := &time.Ticker{C: t.c}
	t.key = unsafe.Pointer(real)
	return real
}

// AfterFunc is time.AfterFunc(d, f).
//
//go:norace
func AfterFunc(d time.Duration, f func()) *time.Timer {
	g := current()
	if g == nil {
		return time.AfterFunc(d, f)
	}
	t := g.newTimer(f)
	real := &time.Timer{}
	t.key = unsafe.Pointer(real)
	g.arm(t, d)
	return real
}

// TimerStop is t.Stop().
//
//go:norace
func TimerStop(t *time.Timer) bool {
	g := current()
	if g == nil {
		return t.Stop()
	}
	m := g.s.timerOf(unsafe.Pointer(t))
	if m == nil {
		return t.Stop()
	}
	return g.stopTimer(m)
}

// TimerReset is t.Reset(d).
//
//go:norace
func TimerReset(t *time.Timer, d time.Duration) bool {
	g := current()
	if g == nil {
		return t.Reset(d)
	}
	m := g.s.timerOf(unsafe.Pointer(t))
	if m == nil {
		return t.Reset(d)
	}
	was := g.stopTimer(m)
	g.arm(m, d)
	return was
}

// TickerStop is t.Stop().
//
//go:norace
func TickerStop(t *time.Ticker) {
	g := current()
	if g == nil {
		t.Stop()
		return
	}
	if m := g.s.timerOf(unsafe.Pointer(t)); m != nil {
		g.stopTimer(m)
		return
	}
	t.Stop()
}

// TickerReset is t.Reset(d).
//
//go:norace
func TickerReset(t *time.Ticker, d time.Duration) {
	g := current()
	if g == nil {
		t.Reset(d)
		return
	}
	m := g.s.timerOf(unsafe.Pointer(t))
	if m == nil {
		t.Reset(d)
		return
	}
	if d <= 0 {
		panic("non-positive interval for Ticker.Reset")
	}
	g.stopTimer(m)
	m.period = int64(d)
	g.arm(m, d)
}
