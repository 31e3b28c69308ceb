//go:build grade

package hidden

import (
	"fmt"
	"strings"
	"testing"

	rlock "lockstep/chapters/06-rlock"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// An rw is a lock for readers and writers: a SharedLock, or a plain RWLock.
type rw interface {
	RLock(o rlock.Owner)
	RUnlock(o rlock.Owner) error
	Lock(o rlock.Owner) error
	Unlock(o rlock.Owner) error
}

// A plain is an RWLock, to which it is all the same who comes.
type plain struct{ l *rlock.RWLock }

func (p plain) RLock(rlock.Owner)         { p.l.RLock() }
func (p plain) RUnlock(rlock.Owner) error { return p.l.RUnlock() }
func (p plain) Lock(rlock.Owner) error    { p.l.Lock(); return nil }
func (p plain) Unlock(rlock.Owner) error  { return p.l.Unlock() }

// take makes o a reader (r) or a writer (w).
func take(t *testing.T, l rw, kind byte, o rlock.Owner, when string) {
	t.Helper()
	if kind == 'r' {
		l.RLock(o)
	} else {
		exam.Error(t, fmt.Sprintf("Lock of %s", o), l.Lock(o), nil, when)
	}
}

// give takes back what take has taken.
func give(t *testing.T, l rw, kind byte, o rlock.Owner, when string) {
	t.Helper()
	if kind == 'r' {
		exam.Error(t, fmt.Sprintf("RUnlock of %s", o), l.RUnlock(o), nil, when)
	} else {
		exam.Error(t, fmt.Sprintf("Unlock of %s", o), l.Unlock(o), nil, when)
	}
}

// A queue says who is inside and who waits, in the order in which they came: r reads, w writes.
type queue struct{ inside, waiting string }

// run has them come, calls meanwhile, which changes nothing, and has those inside leave.
// It returns who got in then, in that order. Those inside are the owners in1, in2, ...
func (q queue) run(t *testing.T, l rw, meanwhile func(when string)) string {
	when := fmt.Sprintf("inside are %s, and then there came %s (r reads, w writes)", q.inside, q.waiting)
	var in exam.Count
	place := make([]int, len(q.waiting)) // each written by who waits
	for i := range q.inside {
		take(t, l, q.inside[i], inside(i), when)
	}
	var all []func()
	for i := range q.waiting {
		all = append(all, func() {
			o := rlock.Owner(fmt.Sprint("new", i+1))
			for range i {
				settle()
			}
			take(t, l, q.waiting[i], o, when)
			place[i] = in.Add()
			give(t, l, q.waiting[i], o, when)
		})
	}
	all = append(all, func() {
		for range q.waiting {
			settle()
		}
		exam.Equal(t, "of those who wait, those who got in", in.Load(), 0, when)
		meanwhile(when)
		for i := range q.inside {
			settle()
			exam.Equal(t, "of those who wait, those who got in", in.Load(), 0, fmt.Sprintf("%s; %d inside have left", when, i))
			give(t, l, q.inside[i], inside(i), when)
		}
	})
	exam.Together(all...)
	order := make([]byte, len(place))
	for i, p := range place {
		order[p-1] = q.waiting[i]
	}
	return string(order)
}

func inside(i int) rlock.Owner { return rlock.Owner(fmt.Sprint("in", i+1)) }

// writersFirst explores who comes first of those who wait for a lock.
func writersFirst(t *testing.T, fresh func() rw) {
	for _, q := range []queue{
		{"r", "wr"}, {"r", "wrw"}, {"rr", "wrw"}, {"r", "wwr"},
		{"w", "rw"}, {"w", "rww"}, {"w", "wrw"}, {"w", "rwrw"},
	} {
		interleave.Explore(t, func(t *testing.T) {
			got := q.run(t, fresh(), func(string) {})
			writers := strings.Count(q.waiting, "w")
			want := strings.Repeat("w", writers) + strings.Repeat("r", len(q.waiting)-writers)
			exam.Equal(t, "order in which they got in", got, want, fmt.Sprintf("%s were inside, then %s waited (r reads, w writes), and those inside left", q.inside, q.waiting))
		}, some...)
	}
}

// strangers explores a SharedLock that others wait for when somebody lets go what he does not hold.
func strangers(t *testing.T) {
	for _, q := range []queue{{"r", "w"}, {"rr", "w"}, {"r", "ww"}, {"w", "r"}, {"w", "w"}, {"w", "rr"}} {
		interleave.Explore(t, func(t *testing.T) {
			l := rlock.NewSharedLock()
			q.run(t, l, func(when string) {
				exam.Error(t, "RUnlock of somebody else", l.RUnlock("else"), rlock.ErrNotOwner, when)
				exam.Error(t, "Unlock of somebody else", l.Unlock("else"), rlock.ErrNotOwner, when)
				if q.inside[0] == 'w' {
					exam.Error(t, "RUnlock of the writer", l.RUnlock("in1"), rlock.ErrNotOwner, when)
				} else {
					exam.Error(t, "Unlock of a reader", l.Unlock("in1"), rlock.ErrNotOwner, when)
				}
			})
		}, some...)
	}
}

// upgradeWhileOthersWait explores a SharedLock that others wait for when a reader asks to write.
func upgradeWhileOthersWait(t *testing.T) {
	for _, q := range []queue{{"r", "w"}, {"rr", "w"}, {"r", "wr"}, {"r", "ww"}} {
		interleave.Explore(t, func(t *testing.T) {
			l := rlock.NewSharedLock()
			q.run(t, l, func(when string) {
				exam.Error(t, "Lock of a reader", l.Lock("in1"), rlock.ErrUpgrade, when)
				exam.Error(t, "Unlock of a reader", l.Unlock("in1"), rlock.ErrNotOwner, when+"; its Lock was refused")
			})
		}, some...)
	}
}

// stepByStep explores what an owner does to a SharedLock, and when somebody else who comes
// after one of the steps gets in: w is Lock, r is RLock, W is Unlock and R is RUnlock.
func stepByStep(t *testing.T) {
	for _, steps := range []string{"wrWR", "wrrWRR", "wrrrRWRR", "wwrWrWRR", "wrwRrWWR", "rRwrRrWrRR", "rrRrRRwW"} {
		for n := range len(steps) {
			for _, kind := range []byte("rw") { // each in a schedule of its own, which has steps for those who poll
				interleave.Explore(t, func(t *testing.T) { withSteps(t, steps, n+1, kind) }, few...)
			}
		}
	}
}

// withSteps has ann do all steps, and after n of them another reader or writer come.
func withSteps(t *testing.T, steps string, n int, kind byte) {
	l := rlock.NewSharedLock()
	reads, writes := 0, 0
	var in exam.Count
	done := make(chan bool)
	want := 0
	for i := range steps {
		when := fmt.Sprintf("ann's next step after %q of %q (w is Lock, r is RLock, W is Unlock, R is RUnlock)", steps[:i], steps)
		if i >= n {
			when += fmt.Sprintf("; bob (%c) came after %q", kind, steps[:n])
		}
		switch steps[i] {
		case 'r':
			take(t, l, 'r', "ann", when)
			reads++
		case 'w':
			take(t, l, 'w', "ann", when)
			writes++
		case 'R':
			give(t, l, 'r', "ann", when)
			reads--
		case 'W':
			give(t, l, 'w', "ann", when)
			writes--
		}
		if i+1 < n {
			continue
		}
		when = fmt.Sprintf("ann has done %q (w is Lock, r is RLock, W is Unlock, R is RUnlock), and bob came after %q", steps[:i+1], steps[:n])
		if i+1 == n {
			go func() {
				take(t, l, kind, "bob", when)
				in.Add()
				give(t, l, kind, "bob", when)
				close(done)
			}()
		}
		settle()
		if writes == 0 && (kind == 'r' || reads == 0) {
			want = 1
		}
		exam.Equal(t, fmt.Sprintf("times that bob (%c) got in", kind), in.Load(), want, fmt.Sprintf("%s; she reads %d times and writes %d times", when, reads, writes))
	}
	when := fmt.Sprintf("ann has done %q, and holds nothing", steps)
	exam.Error(t, `Unlock("ann")`, l.Unlock("ann"), rlock.ErrNotOwner, when)
	exam.Error(t, `RUnlock("ann")`, l.RUnlock("ann"), rlock.ErrNotOwner, when)
	<-done
}
