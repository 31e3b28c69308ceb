package interleave

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	"lockstep/grader/interleave/lanes"
	"lockstep/grader/interleave/rt"
)

func placeOf(f runtime.Frame) lanes.Place { return lanes.Place{File: f.File, Line: f.Line} }

// at is " at file.go:12", or nothing when the place is unknown.
func at(f runtime.Frame) string {
	if f.File == "" {
		return ""
	}
	return " at " + placeOf(f).String()
}

// acting is the goroutine that took the last step.
func (s *story) acting() rt.Goroutine {
	for _, g := range s.out.Goroutines {
		if n := len(s.out.Events); n > 0 && g.ID == s.out.Events[n-1].Goroutine {
			return g
		}
	}
	return rt.Goroutine{}
}

// blocked says in one sentence who waits where.
func (s *story) blocked() string {
	lines := s.waits()
	// Who only waits for the others to be done is no part of the knot.
	others := slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.Contains(l, " waits in WaitGroup.Wait at ") })
	if len(others) > 0 {
		lines = others
	}
	return strings.Join(lines, "; ")
}

// busy says on which lines whose last steps were, for those whom a reader knows of.
func (s *story) busy() string {
	const window, most = 50, 4
	names := s.names()
	var who []string
	places := map[string][]string{}
	for _, e := range s.out.Events[max(0, len(s.out.Events)-window):] {
		name, ok := names[e.Goroutine]
		place := placeOf(e.Where()).String()
		if !ok || e.Where().File == "" || len(places[name]) == most || slices.Contains(places[name], place) {
			continue
		}
		if places[name] == nil {
			who = append(who, name)
		}
		places[name] = append(places[name], place)
	}
	for i, name := range who {
		who[i] = fmt.Sprintf("%s is still at %s", name, strings.Join(places[name], ", "))
	}
	return strings.Join(who, "; ")
}

// waits says of each goroutine that is blocked what it waits for, who has it and since when: a
// line each, or one for all those of a crowd who wait for the same.
func (s *story) waits() []string {
	names := s.names()
	var reasons []string
	who := map[string][]string{} // by reason
	for _, g := range s.out.Goroutines {
		if name, ok := names[g.ID]; ok && g.Blocked {
			reason := s.reason(g, names)
			reasons = append(reasons, reason)
			who[reason] = append(who[reason], name)
		}
	}
	var lines []string
	for _, reason := range reasons {
		switch group := who[reason]; {
		case len(group) == 0: // a crowd that had its line
		case len(group) <= lanes.Few:
			lines = append(lines, group[0]+reason)
			who[reason] = group[1:]
		default:
			lines = append(lines, fmt.Sprintf("%s (and %d others)%s", group[0], len(group)-1, reason))
			who[reason] = nil
		}
	}
	return lines
}

// reason says what g waits for: " waits in Lock at bank.go:7, held by G2 since bank.go:9".
func (s *story) reason(g rt.Goroutine, names map[int]string) string {
	// Who waits to be woken is stopped before the step that comes after.
	op := strings.TrimSuffix(g.Op.String(), " (woken)")
	reason := " waits in " + op + at(g.Where())
	if stack := g.Stack(); len(stack) > 0 && isTest(stack[0]) {
		if c := called(stack, g.Origin()); c != (call{}) {
			reason += ", which " + c.function + " has called"
		}
	}
	if g.Where().File == "" && g.Origin().File != "" { // it waits in the library, as that of an AfterFunc does
		reason = fmt.Sprintf(", started%s, waits in %s", at(g.Origin()), op)
	}
	var holders []string
	if g.Object != 0 {
		for _, h := range s.out.Goroutines {
			for _, l := range h.Held {
				if l.Object == g.Object {
					name := names[h.ID]
					if h.ID == g.ID {
						name = "itself"
					}
					holders = append(holders, fmt.Sprintf("%s since %s", name, placeOf(l.Where())))
				}
			}
		}
	}
	if len(holders) > 0 {
		reason += ", held by " + strings.Join(holders, " and ")
	}
	return reason
}
