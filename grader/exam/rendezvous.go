package exam

import (
	"sync/atomic"
	"testing"
	"time"
)

// Patience is how long a witness waits for what should happen at once. It is virtual
// time during an exploration and in a synctest bubble, and only ever passes in full when
// the test fails.
const Patience = 10 * time.Second

// Rendezvous is a place where n callers meet. That they met proves that n of them were
// at work at the same time, however the scheduler ran them.
//
// Like all witnesses it orders nothing: whoever passes through it is not synchronised
// with the others, so that it hides no race of the program under test.
type Rendezvous struct {
	t       testing.TB
	what    string
	n       int64
	arrived atomic.Int64
	open    chan struct{} // closed when the last one has come, or the first one's patience is over
	once    atomic.Bool   // it is closed
}

// NewRendezvous returns a meeting place for n callers. What names them, in the plural,
// in the failure message: "loads of different keys".
func NewRendezvous(t testing.TB, n int, what string) *Rendezvous {
	return &Rendezvous{t: t, what: what, n: int64(n), open: make(chan struct{})}
}

// Meet blocks until n callers have come. When the others do not come it fails the test
// and lets everybody go, those who come later included. Any goroutine may call it.
func (r *Rendezvous) Meet() {
	if r.arrive() > 1 {
		r.wait(nil)
		return
	}
	// Two timers would order those who make them, and the race runtime wants none made
	// in silence: so the first to come has the only one.
	patience := time.NewTimer(Patience)
	defer patience.Stop()
	if met := r.wait(patience.C); met < r.n {
		r.t.Helper() // not before: it takes a lock of the test's, which orders too
		r.t.Errorf("%s: %d at the same time, want %d", r.what, met, r.n)
	}
}

// arrive counts the caller, and opens the place if it is the last.
func (r *Rendezvous) arrive() int64 {
	silence()
	defer speak()
	arrived := r.arrived.Add(1)
	if arrived == r.n {
		r.end()
	}
	return arrived
}

// wait blocks until the place is open, and returns how many have met. If the time-out
// comes first, it opens the place itself, and who comes after that has met nobody.
func (r *Rendezvous) wait(timeout <-chan time.Time) (met int64) {
	silence()
	defer speak()
	select {
	case <-r.open:
		return r.n
	case <-timeout:
		met = r.arrived.Load()
		if !r.end() {
			return r.n // the last one came at that very moment
		}
		return met
	}
}

// end opens the place, and reports whether it was not open before.
func (r *Rendezvous) end() bool {
	if r.once.Swap(true) {
		return false
	}
	close(r.open)
	return true
}
