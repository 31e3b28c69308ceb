package search

import "lockstep/grader/interleave/rt"

const maxTries = 400 // runs that shrinking may take

// Shrink looks for a smaller schedule that fails in the same way: fewest
// pre-emptions, then fewest steps. again is false when f itself does not fail a
// second time.
func Shrink(p Program, c Config, f *Failure) (smallest *Failure, again bool) {
	if c.Single {
		return f, true
	}
	s := &shrinker{p: p, want: *f, limits: c.limits()}
	for !s.try(f.Picks) {
		switch {
		case f.Races > 0 && s.tries%RaceTries != 0:
		case s.want.Left:
			return f, false
		default: // it may need what the schedules before it have left
			s.want.Left, s.limits.Restart = true, false
		}
	}
	s.most = maxTries
	if s.want.Kind == rt.NoProgress {
		s.most = maxTries / 10 // every one is as long as can be
	}
	for s.pass() && s.tries < s.most {
	}
	return &s.want, true
}

type shrinker struct {
	p      Program
	limits rt.Limits
	want   Failure // the smallest so far
	size   [3]int  // of want, zero before the first run
	tries  int
	most   int // tries it may have
}

// try runs the schedule of picks and keeps it if it fails alike and is smaller.
func (s *shrinker) try(picks_ []int32) bool {
	r := &replay{picks: picks_}
	out := s.p.Run(r, s.limits)
	s.tries++
	if out.Kind != s.want.Kind && s.want.Races == 0 || (out.Races > 0) != (s.want.Races > 0) {
		return false
	}
	p := picks(out.Trace)
	deviations := 0
	for _, k := range p {
		if k != 0 {
			deviations++
		}
	}
	size := [3]int{r.preemptions, out.Steps, deviations}
	if s.size != [3]int{} && !less(size, s.size) {
		return false
	}
	s.size, s.want.Picks, s.want.Kind = size, p, out.Kind
	return true
}

func less(a, b [3]int) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// pass tries to make the choices ordinary, in blocks that get smaller, and then one
// by one another; it reports whether that helped.
func (s *shrinker) pass() (better bool) {
	for size := len(s.want.Picks); size >= 1; size /= 2 {
		for at := 0; at < len(s.want.Picks) && s.tries < s.most; {
			p := append([]int32(nil), s.want.Picks...)
			changed := false
			for i := at; i < min(at+size, len(p)); i++ {
				changed = changed || p[i] != 0
				p[i] = 0
			}
			if changed && s.try(p) {
				better = true
				continue
			}
			at += size
		}
	}
	for at := 0; at < len(s.want.Picks) && s.tries < s.most; at++ {
		if s.want.Picks[at] == 0 {
			continue
		}
		// The deviation one choice later, or gone with the choice itself.
		for _, p := range [][]int32{moved(s.want.Picks, at), dropped(s.want.Picks, at)} {
			if s.try(p) {
				better = true
				break
			}
		}
	}
	return better
}

func moved(picks []int32, at int) []int32 {
	p := append(append([]int32(nil), picks...), 0)
	p[at], p[at+1] = 0, picks[at]
	return p
}

func dropped(picks []int32, at int) []int32 {
	return append(append([]int32(nil), picks[:at]...), picks[at+1:]...)
}

// RaceTries is how often a schedule with a race is run until the detector reports it
// once more. The schedule is the same every time, but of each eight bytes the detector remembers
// the last accesses of up to four kinds, and forgets one at random for a fifth (ThreadSanitizer's shadow cells).
const RaceTries = 50

// recorded is how many steps of the schedule of a Single search are recorded, the last ones.
const recorded = 10_000

// Replay runs the schedule of f once more and records it.
func Replay(p Program, c Config, f *Failure) *rt.Outcome {
	l := c.limits()
	if c.Single {
		l.Before = max(0, p.Run(turns{}, l).Steps-recorded)
	}
	l.Record, l.Restart = true, !f.Left
	run := func() *rt.Outcome {
		if c.Single {
			return p.Run(turns{}, l)
		}
		return p.Run(&replay{picks: f.Picks}, l)
	}
	out := run()
	for tries := 1; f.Races > 0 && out.Races == 0 && tries < RaceTries; tries++ {
		out = run()
	}
	return out
}
