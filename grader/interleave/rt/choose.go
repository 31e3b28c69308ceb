package rt

import "math"

const (
	spinAfter   = 8   // steps without effect, while nothing changes, that make a goroutine spin
	passAfter   = 128 // such steps of each, where all spin, that let time pass: a long look around is no wait
	maxStreak   = 101 // steps in a row after which others get their turn, not always at the same place of a loop
	manyEffects = 100 // steps with an effect after which they are none: see scheduler.changed
	moreEffects = 20  // after the next milestone, of somebody who has had as many
)

// Strategy decides. Its methods run on the goroutines under test with no edge between
// them: they and what they call must be go:norace, without maps and function literals.
type Strategy interface {
	// Goroutine picks one of the p.N() goroutines, N at least 2. A negative
	// answer abandons the schedule.
	Goroutine(p *Point) int
	// Value picks one of n outcomes that the language leaves open, such as the
	// case of a select. Outcome 0 is the ordinary one.
	Value(n int) int
}

// Choice is one decision: Pick out of N.
type Choice struct{ N, Pick int32 }

// Point is what a Strategy may look at.
type Point struct{ s *scheduler }

// N returns how many goroutines can take a step and do not only spin.
//
//go:norace
func (p *Point) N() int { return p.s.moving }

// Total returns how many can take a step, those that only spin included: they come
// last. To pick one of them is a pre-emption; it may then spin on for a while, as far as
// the end of a loop that is bounded.
//
//go:norace
func (p *Point) Total() int { return len(p.s.alternatives) }

// Free returns how many alternatives, the first ones, are no pre-emption.
//
//go:norace
func (p *Point) Free() int {
	if p.s.alternatives[0] == p.s.last && p.s.alternatives[0].op != OpGosched {
		return 1
	}
	return p.s.moving
}

// Yielding reports whether the goroutine that took the last step asks to be
// overtaken (runtime.Gosched): no choice is then a pre-emption.
//
//go:norace
func (p *Point) Yielding() bool { return p.s.alternatives[0].op == OpGosched }

// Last returns the number of the goroutine that took the last step.
//
//go:norace
func (p *Point) Last() int { return p.s.last.id }

// ID returns the number of alternative i, counted from 0 in order of creation.
//
//go:norace
func (p *Point) ID(i int) int { return p.s.alternatives[i].id }

// Kind names what alternative 0 would do: two steps of one schedule have the same kind
// when the same goroutine does the same to the same object. It is never 0.
//
//go:norace
func (p *Point) Kind() uint64 {
	g := p.s.alternatives[0]
	return 1 + uint64(g.id)<<40 + uint64(g.op)<<32 + uint64(uint32(p.s.number(g.object)))
}

// Conflict reports whether alternatives i and j would touch the same object.
//
//go:norace
func (p *Point) Conflict(i, j int) bool {
	a, b := p.s.alternatives[i], p.s.alternatives[j]
	return a.object != nil && a.object == b.object
}

// Step returns the number of steps taken so far.
//
//go:norace
func (p *Point) Step() int { return p.s.steps }

// State returns a hash of everything the rest of the schedule depends on.
//
//go:norace
func (p *Point) State() uint64 { return p.s.stateHash() }

// choose returns who takes the next step. Every goroutine is stopped before one.
//
//go:norace
func (s *scheduler) choose() *goroutine {
	for {
		spinning := s.gather()
		if len(s.alternatives) == 0 && spinning {
			// Nobody else can change what they wait for: time may, or their patience ends.
			if s.allWait() && s.advance(true) {
				s.passAfter = max(spinAfter, s.passAfter/2) // these do wait
				continue
			}
			s.gatherSpinning()
		}
		var g *goroutine
		s.preempted = false
		switch n := len(s.alternatives); n {
		case 0:
			if !s.advance(false) {
				s.over()
				return nil
			}
			continue
		case 1:
			g = s.alternatives[0]
		default:
			k := s.strategy.Goroutine(&Point{s})
			if k < 0 || k >= n {
				s.fail(Abandoned, "")
				return nil
			}
			s.trace = append(s.trace, Choice{int32(n), int32(k)})
			s.preempted = k > 0 && s.alternatives[0] == s.last && s.last.op != OpGosched
			g = s.alternatives[k]
			if k >= s.moving {
				g.idle = -maxStreak // picked although it only spins: it may go on with it
			}
		}
		if g == &s.passing {
			s.advance(false)
			continue
		}
		return g
	}
}

// gather lists who can take a step, the goroutine of the last step first and those
// that only spin last; where all spin it lists none, and reports that.
//
//go:norace
func (s *scheduler) gather() (spinning bool) {
	s.alternatives = s.alternatives[:0]
	if l := s.last; l != nil && l.state == pending && s.enabled(l) {
		if s.idleness(l) < spinAfter {
			s.alternatives = append(s.alternatives, l)
		} else {
			spinning = true
		}
	}
	for _, g := range s.live {
		if g == s.last || g.state != pending || !s.enabled(g) {
			continue
		}
		if s.idleness(g) >= spinAfter {
			spinning = true
			continue
		}
		s.alternatives = append(s.alternatives, g)
	}
	if s.long() && s.passTurn() {
		s.forced = true
	}
	if s.moving = len(s.alternatives); s.moving == 0 {
		return spinning
	}
	if s.limits.Adversarial && s.deadline(math.MaxInt) >= 0 {
		s.alternatives = append(s.alternatives, &s.passing)
		s.moving++
	}
	if spinning {
		for _, g := range s.live {
			if g.state == pending && s.idleness(g) >= spinAfter && s.enabled(g) {
				s.alternatives = append(s.alternatives, g)
			}
		}
		return true
	}
	return false
}

// gatherSpinning lists those who only spin, the goroutine of the last step first and
// then the most patient. Their loops may have an end of their own, and what comes after it
// can be pre-empted like anything else.
//
//go:norace
func (s *scheduler) gatherSpinning() {
	s.alternatives = s.alternatives[:0]
	if l := s.last; l != nil && l.state == pending && s.enabled(l) {
		s.alternatives = append(s.alternatives, l)
	}
	others := len(s.alternatives)
	for _, g := range s.live {
		if g == s.last || g.state != pending || !s.enabled(g) {
			continue
		}
		s.alternatives = append(s.alternatives, g)
		if n := len(s.alternatives) - 1; s.idleness(g) < s.idleness(s.alternatives[others]) {
			s.alternatives[others], s.alternatives[n] = g, s.alternatives[others]
		}
	}
	if s.last.op == OpGosched {
		s.streak = maxStreak // it asks for it
	}
	s.passTurn()
	s.moving = min(1, len(s.alternatives))
}

// passTurn takes the goroutine of the last step off the list when it has had the turn
// for very long and there are others, and reports that.
//
//go:norace
func (s *scheduler) passTurn() bool {
	if len(s.alternatives) < 2 || s.streak < maxStreak || s.alternatives[0] != s.last {
		return false
	}
	s.alternatives = without(s.alternatives, 0)
	return true
}

// allWait reports whether all who can take a step have spun for so long that time may pass.
//
//go:norace
func (s *scheduler) allWait() bool {
	enough, part := s.passAfter, 128 // part of the schedule's steps: who has many may look around for long
	for _, g := range s.live {
		if g.state != pending {
			continue
		}
		if s.restless(g) {
			enough, part = passAfter, 8 // it may hold a lock of its own, and be at work
		} else if g.op.locks() && !s.enabled(g) {
			enough = passAfter // who spins may be in its way
		}
	}
	all := 0
	for _, g := range s.live {
		if g.state != pending || !s.enabled(g) {
			continue
		}
		n := s.idleness(g)
		if n < enough {
			return false
		}
		all += n
	}
	return all >= s.limits.Steps/part*s.passAfter/passAfter
}

// idleness counts g's steps since anything changed, all of them without effect. It
// begins below zero for a goroutine that was picked although it spins.
//
//go:norace
func (s *scheduler) idleness(g *goroutine) int {
	if g.asOf != s.changes {
		return 0
	}
	return g.idle
}

// value picks one of n outcomes.
//
//go:norace
func (s *scheduler) value(g *goroutine, n int) int {
	if n <= 1 {
		return 0
	}
	k := s.strategy.Value(n)
	if k < 0 || k >= n {
		k = 0
	}
	s.trace = append(s.trace, Choice{int32(n), int32(k)})
	g.hash = mix(g.hash, uint64(k))
	return k
}

// over judges a schedule in which nothing can run any more.
//
//go:norace
func (s *scheduler) over() {
	for _, g := range s.live {
		if g.state == pending && g.fn != nil {
			if s.mainDone {
				if !s.limits.Leaks {
					s.fail(Leak, "")
				}
			} else {
				s.fail(Deadlock, "")
			}
			return
		}
	}
}
