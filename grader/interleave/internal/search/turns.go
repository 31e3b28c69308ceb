package search

import "lockstep/grader/interleave/rt"

// turns is the one schedule of a Single search: a goroutine goes on until it waits, spins or
// yields, and then it is the next one's turn, in order of creation. So everybody in a crowd of
// those who look again and again has come before anybody looks a second time.
type turns struct{}

//go:norace
func (turns) Goroutine(p *rt.Point) int {
	if p.Free() == 1 {
		return 0
	}
	next, first := -1, 0
	for i := 0; i < p.N(); i++ {
		id := p.ID(i)
		if id > p.Last() && (next < 0 || id < p.ID(next)) {
			next = i
		}
		if id < p.ID(first) {
			first = i
		}
	}
	if next < 0 {
		return first
	}
	return next
}

//go:norace
func (turns) Value(int) int { return 0 }
