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
	over    atomic.Bool   // the last one has come, or somebody lost patience
	open    chan struct{} // closed with it
}

// NewRendezvous returns a meeting place for n callers. What names them, in the plural,
// in the failure message: "loads of different keys".
func NewRendezvous(t testing.TB, n int, what string) *Rendezvous {
	return &Rendezvous{t: t, what: what, n: int64(n), open: make(chan struct{})}
}

// Meet blocks until n callers have come. When the others do not come it fails the test
// and lets everybody go, those who come later included. Any goroutine may call it.
func (r *Rendezvous) Meet() {
	r.t.Helper()
	patience := time.NewTimer(Patience) // the race runtime wants no timer made in silence
	defer patience.Stop()
	if !r.wait(patience.C) {
		r.t.Errorf("%s: %d at the same time, want %d", r.what, r.arrived.Load(), r.n)
	}
}

// wait reports whether the meeting took place, or was somebody else's to complain about.
func (r *Rendezvous) wait(timeout <-chan time.Time) bool {
	silence()
	defer speak()
	if r.arrived.Add(1) == r.n {
		r.end()
	}
	select {
	case <-r.open:
		return true
	case <-timeout:
		return !r.end()
	}
}

// end opens the place to all; it reports whether it was this call that did.
func (r *Rendezvous) end() bool {
	if r.over.Swap(true) {
		return false
	}
	close(r.open)
	return true
}
