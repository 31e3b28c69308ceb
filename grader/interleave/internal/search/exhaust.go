package search

import "lockstep/grader/interleave/rt"

// exhaustive searches all schedules with a bounded number of pre-emptions, depth
// first. A choice beyond the prefix takes the ordinary alternative, 0: the same
// goroutine goes on while it can.
//
// A state that was reached before, with at least as many pre-emptions left, has
// nothing new after it: the schedule branches no more. It is run to its end all the same,
// for a program may keep state in package-level variables, and one that was stopped in
// the middle would spoil the schedules after it. States are recognised by the
// happens-before hash of what led to them, so no schedule that differs in the order
// of dependent steps is lost (Musuvathi and Qadeer, 2007); other than with
// sleep sets this stays true under a bound.
type exhaustive struct {
	bound   int
	stack   []branch
	depth   int
	used    int  // pre-emptions on the current path
	known   bool // the current path has come to a state that was reached before
	limited bool // somewhere the bound, and nothing else, stood against a choice
	seen    table
	cache   bool
}

// branch is one choice on the current path.
type branch struct{ n, pick int }

//go:norace
func (e *exhaustive) Goroutine(p *rt.Point) int {
	if e.known {
		return 0
	}
	n, free := p.Total(), p.Free()
	if e.used >= e.bound && free < n {
		n, e.limited = free, true
	}
	if e.depth == len(e.stack) && e.cache && !e.seen.add(p.State(), e.used) {
		e.known = true
		return 0
	}
	k := e.choose(n)
	if k >= free {
		e.used++
	}
	return k
}

//go:norace
func (e *exhaustive) Value(n int) int { return e.choose(n) }

//go:norace
func (e *exhaustive) choose(n int) int {
	if n == 1 || e.known {
		return 0
	}
	if e.depth == len(e.stack) {
		e.stack = append(e.stack, branch{n: n})
	}
	b := &e.stack[e.depth]
	e.depth++
	return b.pick
}

// begin prepares for the next schedule.
func (e *exhaustive) begin() { e.depth, e.used, e.known = 0, 0, false }

// next moves to the next path; false when there is none.
func (e *exhaustive) next() bool {
	e.stack = e.stack[:e.depth]
	for n := len(e.stack); n > 0; n = len(e.stack) {
		b := &e.stack[n-1]
		if b.pick++; b.pick < b.n {
			return true
		}
		e.stack = e.stack[:n-1]
	}
	return false
}

// table maps state hashes to the fewest pre-emptions they were reached with.
type table struct {
	keys []uint64
	used []uint8
	n    int
}

// add notes a state; false when it was there with as few pre-emptions.
//
//go:norace
func (t *table) add(key uint64, used int) bool {
	if key == 0 {
		key = 1
	}
	if 2*t.n >= len(t.keys) {
		t.grow()
	}
	mask := len(t.keys) - 1
	for i := int(key) & mask; ; i = (i + 1) & mask {
		if t.keys[i] == 0 {
			t.keys[i], t.used[i] = key, uint8(used)
			t.n++
			return true
		}
		if t.keys[i] == key {
			if int(t.used[i]) <= used {
				return false
			}
			t.used[i] = uint8(used)
			return true
		}
	}
}

//go:norace
func (t *table) grow() {
	old, used := t.keys, t.used
	size := 2 * len(old)
	if size == 0 {
		size = 1 << 10
	}
	t.keys, t.used = make([]uint64, size), make([]uint8, size)
	for i, k := range old {
		if k == 0 {
			continue
		}
		j := int(k) & (size - 1)
		for t.keys[j] != 0 {
			j = (j + 1) & (size - 1)
		}
		t.keys[j], t.used[j] = k, used[i]
	}
}
