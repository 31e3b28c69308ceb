package interleave

import (
	"fmt"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"lockstep/grader/interleave/lanes"
	"lockstep/grader/interleave/rt"
)

// race is what the detector prints of one race.
type race struct{ now, before access }

// access is one side of a race.
type access struct {
	what     string // "read", "write"; in a story "close", too, and what else is like it
	told     bool   // it is of no memory of the program's: a step told the detector of it
	place    lanes.Place
	function string
}

var (
	accessLine = regexp.MustCompile(`^(Previous )?(?:atomic )?(read|write|Read|Write|Atomic read|Atomic write) at 0x`)
	frameLine  = regexp.MustCompile(`^      (\S.*):(\d+) \+0x`)
)

// parseRaces reads the detector's reports.
func parseRaces(text string) []race {
	var races []race
	var side *access
	function := ""
	for _, l := range strings.Split(text, "\n") {
		switch {
		case strings.HasPrefix(l, "WARNING: DATA RACE"):
			races = append(races, race{})
			side = nil
		case len(races) == 0:
		case accessLine.MatchString(l):
			r := &races[len(races)-1]
			side = &r.now
			if strings.HasPrefix(l, "Previous") {
				side = &r.before
			}
			side.what = "read"
			if strings.Contains(strings.ToLower(l), "write at") {
				side.what = "write"
			}
		case l == "":
			side = nil
		case side != nil && strings.HasPrefix(l, "  ") && !strings.HasPrefix(l, "   "):
			function = strings.TrimSpace(l)
			side.told = side.told || function == "runtime.raceread()" || function == "runtime.racewrite()"
		case side != nil && side.place.File == "":
			if m := frameLine.FindStringSubmatch(l); m != nil && !rt.Own(function) {
				side.function = strings.TrimSuffix(function, "()")
				side.place.File = m[1]
				side.place.Line, _ = strconv.Atoi(m[2])
			}
		}
	}
	return races
}

// step returns the access with the operation that told of it: "close" instead of "write".
func (s *story) step(a access) access {
	if !a.told {
		return a
	}
	named := func(op rt.Op, f runtime.Frame) {
		switch op {
		case rt.OpClose, rt.OpSend, rt.OpSelect, rt.OpAdd, rt.OpWait:
			if placeOf(f) == a.place {
				a.what = op.String()
			}
		}
	}
	for _, g := range s.out.Goroutines {
		named(g.Op, g.Where())
	}
	for _, e := range s.out.Events {
		named(e.Op, e.Where())
	}
	return a
}

func (a access) String() string { return fmt.Sprintf("%s at %s", a.what, a.place) }

// raceMessage names both sides and says what they have in common.
func (s *story) raceMessage() string {
	if len(s.races) == 0 {
		return "data race: the race detector reported one in this schedule"
	}
	r := s.races[0]
	return fmt.Sprintf("data race: %s and %s, with nothing to order them", s.step(r.before), s.step(r.now))
}

// raceStory says which locks the two sides held.
func (s *story) raceStory() []string {
	if len(s.races) == 0 || len(s.out.Spotted) == 0 {
		return nil
	}
	names := s.names()
	r, spotted := s.races[0], s.out.Spotted[0]
	r.now, r.before = s.step(r.now), s.step(r.before)
	lines := []string{fmt.Sprintf("%s: %s, holding %s", names[spotted.Goroutine], r.now, locks(spotted.Held))}
	other, held, known := s.earlier(r.before, spotted)
	if !known {
		return append(lines, fmt.Sprintf("before it: %s", r.before))
	}
	lines = append(lines, fmt.Sprintf("%s: %s, holding %s", names[other], r.before, locks(held)))
	if !share(held, spotted.Held) {
		return append(lines, "no lock was held by both")
	}
	return lines
}

// earlier finds the goroutine that made the earlier access and what it held then. The
// detector does not say which of ours it was: it is one, other than that of the later
// access, with a step in the same function, at best one before the access.
func (s *story) earlier(a access, spotted rt.Spotted) (id int, held []rt.Held, ok bool) {
	before, after := -1, -1
	for i, e := range s.out.Events {
		f := e.Where()
		switch {
		case e.Goroutine == spotted.Goroutine || f.Function != a.function:
		case f.Line <= a.place.Line && i < spotted.Event:
			before = i
		case after < 0:
			after = i
		}
	}
	switch {
	case before >= 0:
		return s.out.Events[before].Goroutine, s.heldAfter(before, s.out.Events[before].Goroutine), true
	case after >= 0:
		return s.out.Events[after].Goroutine, s.heldAfter(after-1, s.out.Events[after].Goroutine), true
	}
	return 0, nil, false
}

// heldAfter returns the locks that goroutine id had after event n.
func (s *story) heldAfter(n, id int) []rt.Held {
	var held []rt.Held
	for _, e := range s.out.Events[:n+1] {
		if e.Goroutine != id {
			continue
		}
		switch {
		case e.Locked:
			held = append(held, e.Lock())
		case e.Gave != 0:
			for i := len(held) - 1; i >= 0; i-- {
				if held[i].Object == e.Gave {
					held = append(held[:i], held[i+1:]...)
					break
				}
			}
		}
	}
	return held
}

func locks(held []rt.Held) string {
	if len(held) == 0 {
		return "no lock"
	}
	var parts []string
	for _, h := range held {
		kind := "the lock"
		if h.Shared {
			kind = "the read lock"
		}
		parts = append(parts, fmt.Sprintf("%s taken at %s", kind, placeOf(h.Where())))
	}
	return strings.Join(parts, " and ")
}

// share reports whether a lock on both lists keeps the two sides apart.
func share(a, b []rt.Held) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Object == y.Object && !(x.Shared && y.Shared) {
				return true
			}
		}
	}
	return false
}
