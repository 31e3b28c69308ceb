package search

import "lockstep/grader/interleave/rt"

// rng is splitmix64.
type rng uint64

//go:norace
func (r *rng) next() uint64 {
	*r += 0x9E3779B97F4A7C15
	z := uint64(*r)
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB
	return z ^ (z >> 31)
}

//go:norace
func (r *rng) below(n int) int { return int(r.next() % uint64(n)) }

// outcome is the value strategy of all samplers: the ordinary outcome half the time.
//
//go:norace
func (r *rng) outcome(n int) int {
	if r.next()&1 == 0 {
		return 0
	}
	return r.below(n)
}

// random picks every goroutine with the same probability.
type random struct{ rng rng }

//go:norace
func (s *random) Goroutine(p *rt.Point) int { return s.rng.below(p.N()) }

//go:norace
func (s *random) Value(n int) int { return s.rng.outcome(n) }

// priorities gives every goroutine a random priority when it is first seen.
type priorities struct {
	rng rng
	of  [256]uint64
	// After fair steps the choice is random, so that goroutines that wait for one of
	// lower priority in a loop are not taken for stuck.
	fair int
}

//go:norace
func (s *priorities) best(p *rt.Point) int {
	best := 0
	for i := 0; i < p.N(); i++ {
		if id := p.ID(i) & 255; s.of[id] == 0 {
			s.of[id] = s.rng.next()>>1 | 1<<16
		}
		if s.of[p.ID(i)&255] > s.of[p.ID(best)&255] {
			best = i
		}
	}
	return best
}

// pct runs the goroutine of the highest priority and lowers it at a few random steps:
// Burckhardt et al., A Randomized Scheduler with Probabilistic Guarantees of Finding
// Bugs, ASPLOS 2010.
type pct struct {
	priorities
	changes [4]int // steps at which the priority drops
}

//go:norace
func (s *pct) Goroutine(p *rt.Point) int {
	if p.Step() > s.fair {
		return s.rng.below(p.N())
	}
	best := s.best(p)
	for i, at := range s.changes {
		if at != 0 && p.Step() >= at {
			s.changes[i] = 0
			s.of[p.ID(best)&255] = uint64(i + 2)
			best = s.best(p)
		}
	}
	if best == 0 && p.Yielding() {
		s.of[p.ID(0)&255] = 1
		best = s.best(p)
	}
	return best
}

//go:norace
func (s *pct) Value(n int) int { return s.rng.outcome(n) }

// pos draws priorities anew for goroutines that the last step was in conflict with:
// Yuan, Yang and Gu, Partial Order Aware Concurrency Sampling, CAV 2018.
type pos struct{ priorities }

//go:norace
func (s *pos) Goroutine(p *rt.Point) int {
	if p.Step() > s.fair {
		return s.rng.below(p.N())
	}
	best := s.best(p)
	for i := 0; i < p.N(); i++ {
		if i != best && p.Conflict(i, best) {
			s.of[p.ID(i)&255] = 0
		}
	}
	s.of[p.ID(best)&255] = 0
	return best
}

//go:norace
func (s *pos) Value(n int) int { return s.rng.outcome(n) }

// sampler returns the i-th of a rotation of strategies. steps is how long a schedule
// of the program is.
func sampler(seed uint64, i, steps int) rt.Strategy {
	r := rng(seed*1_000_003 + uint64(i))
	p := priorities{rng: r, fair: 200 + 20*steps}
	switch i % 4 {
	case 0:
		return &pos{p}
	case 1, 3:
		s := &pct{priorities: p}
		for d := 0; d < 1+i/4%3; d++ {
			s.changes[d] = 1 + s.rng.below(steps+1)
		}
		return s
	}
	return &random{r}
}
