package rt

const (
	spinAfter = 8   // steps without effect, while nothing changes, that make a goroutine spin
	maxStreak = 100 // steps in a row after which others get their turn
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

// N returns how many goroutines can take a step.
//
//go:norace
func (p *Point) N() int { return len(p.s.alternatives) }

// Continues reports whether alternative 0 is the goroutine that took the last step,
// so that any other is a pre-emption.
//
//go:norace
func (p *Point) Continues() bool { return p.s.alternatives[0] == p.s.last }

// Yielding reports whether the goroutine that took the last step asks to be
// overtaken (runtime.Gosched): no choice is then a pre-emption.
//
//go:norace
func (p *Point) Yielding() bool { return p.s.alternatives[0].op == OpGosched }

// ID returns the number of alternative i, counted from 0 in order of creation.
//
//go:norace
func (p *Point) ID(i int) int { return p.s.alternatives[i].id }

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
		var g *goroutine
		switch n := len(s.alternatives); {
		case n == 0 && spinning == nil:
			if !s.advance(false) {
				s.over()
				return nil
			}
			continue
		case n == 0:
			// Nobody else can change what they wait for: time may.
			if s.advance(true) {
				continue
			}
			g = spinning
		case n == 1:
			g = s.alternatives[0]
		default:
			k := s.strategy.Goroutine(&Point{s})
			if k < 0 || k >= n {
				s.fail(Abandoned, "")
				return nil
			}
			s.trace = append(s.trace, Choice{int32(n), int32(k)})
			g = s.alternatives[k]
		}
		if g == &s.passing {
			s.advance(false)
			continue
		}
		return g
	}
}

// gather lists who can take a step, the goroutine of the last step first. Goroutines
// that only spin are left out; the most patient of them is returned.
//
//go:norace
func (s *scheduler) gather() (spinning *goroutine) {
	s.alternatives = s.alternatives[:0]
	if l := s.last; l != nil && l.state == pending && s.enabled(l) {
		if s.idleness(l) < spinAfter {
			s.alternatives = append(s.alternatives, l)
		} else {
			spinning = l
		}
	}
	for _, g := range s.live {
		if g == s.last || g.state != pending || !s.enabled(g) {
			continue
		}
		if s.idleness(g) >= spinAfter {
			if spinning == nil || g.idle < spinning.idle {
				spinning = g
			}
			continue
		}
		s.alternatives = append(s.alternatives, g)
	}
	if n := len(s.alternatives); n > 1 && s.streak >= maxStreak && s.alternatives[0] == s.last {
		s.alternatives = without(s.alternatives, 0)
	}
	if s.limits.Adversarial && len(s.alternatives) > 0 && s.deadline() >= 0 {
		s.alternatives = append(s.alternatives, &s.passing)
	}
	return spinning
}

// idleness counts g's steps since anything changed, all of them without effect.
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
		if g.state == pending && g.fn != nil && !g.daemon {
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
