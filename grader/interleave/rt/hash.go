package rt

// Two schedules that order the same dependent steps in the same way lead to the same
// state (Mazurkiewicz). The hash of a goroutine covers its own steps and, through
// the objects they touch, every step that happened before them; the sum over the
// goroutines therefore names the class of the schedule so far. It is what the search
// uses to recognise a state that it has been in (Musuvathi and Qadeer, 2007).

//go:norace
func scramble(z uint64) uint64 {
	z += 0x9E3779B97F4A7C15
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB
	return z ^ (z >> 31)
}

//go:norace
func mix(a, b uint64) uint64 { return scramble(a*0xD6E8FEB86659FD93 + b) }

// wrote accounts for a step of g that changed o (nil: nothing anyone shares).
//
//go:norace
func (s *scheduler) wrote(g *goroutine, o *object) {
	g.hash = mix(g.hash, uint64(g.op))
	if o != nil {
		g.hash = mix(g.hash, o.hash)
		g.hash = mix(g.hash, o.reads)
		o.hash, o.reads = g.hash, 0
	}
	s.changed(g)
}

// milestone counts the beginning or the end of a goroutine, or a moment to which time has passed
// because nobody could run.
//
//go:norace
func (s *scheduler) milestone() {
	s.changes++
	s.milestones++
}

// changed counts a step of g with an effect. Of one that has had very many of them since the last
// milestone it is none: it takes a lock, of whatever kind, and frees it again and again, to look
// at a variable that the lock guards.
//
//go:norace
func (s *scheduler) changed(g *goroutine) {
	if g.since != s.milestones {
		if g.effects >= manyEffects {
			g.effects = manyEffects - moreEffects
		} else {
			g.effects = 0
		}
		g.since = s.milestones
	}
	g.effects++
	if s.restless(g) {
		s.forced = true
		s.idled(g)
		return
	}
	s.changes++
	g.idle, g.asOf = 0, s.changes
}

// restless reports whether g has had very many effects since the last milestone, in a schedule
// that has got long: a shorter one need not be fair to anybody.
//
//go:norace
func (s *scheduler) restless(g *goroutine) bool {
	return g.effects >= manyEffects && g.since == s.milestones && s.long()
}

//go:norace
func (s *scheduler) long() bool { return s.steps > s.limits.Steps/20 }

// read accounts for a step of g that depends on o and changed nothing.
//
//go:norace
func (s *scheduler) read(g *goroutine, o *object) {
	g.hash = mix(g.hash, uint64(g.op))
	if o != nil {
		g.hash = mix(g.hash, o.hash)
		o.reads += scramble(g.hash)
	}
	s.idled(g)
}

// idled counts a step of g without effect.
//
//go:norace
func (s *scheduler) idled(g *goroutine) {
	if g.asOf != s.changes {
		g.idle, g.asOf = 0, s.changes
	}
	g.idle++
}

// stateHash names the state, as far as the future depends on it.
//
//go:norace
func (s *scheduler) stateHash() uint64 {
	sum := s.doneHash
	for _, g := range s.live {
		h := g.hash
		if g.parked {
			h = mix(h, 7)
		}
		if g.op == OpWait && g.arrived {
			h = mix(h, 11)
		}
		if n := s.idleness(g); n >= spinAfter/2 || n < 0 {
			h = mix(h, uint64(n))
		}
		sum += scramble(h)
	}
	h := mix(mix(sum, uint64(s.clock)), uint64(s.passAfter))
	if s.last != nil {
		h = mix(h, s.last.path)
	}
	if s.streak > maxStreak/2 {
		h = mix(h, uint64(s.streak))
	}
	for _, t := range s.timers {
		if t.armed {
			h += mix(t.path, uint64(t.when))
		}
	}
	return h
}
