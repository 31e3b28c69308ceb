package search

import "lockstep/grader/interleave/rt"

// replay takes given picks, and the ordinary alternative after and wherever a pick
// does not exist.
type replay struct {
	picks []int32
	at    int
	// preemptions counts the picks that took the turn from a goroutine that could go on.
	preemptions int
	strayed     bool // a pick did not exist
}

//go:norace
func (r *replay) pick(n int) int {
	k := 0
	if r.at < len(r.picks) {
		k = int(r.picks[r.at])
		if k >= n {
			k, r.strayed = 0, true
		}
	}
	r.at++
	return k
}

//go:norace
func (r *replay) Goroutine(p *rt.Point) int {
	k := r.pick(p.Total())
	if k >= p.Free() {
		r.preemptions++
	}
	return k
}

//go:norace
func (r *replay) Value(n int) int { return r.pick(n) }
