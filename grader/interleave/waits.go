package interleave

import (
	"fmt"
	"regexp"
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

// names numbers the goroutines that a reader knows of.
func (s *story) names() map[int]string {
	names := map[int]string{}
	for _, g := range s.out.Goroutines {
		switch {
		case g.Timer:
		case g.Parent < 0:
			names[g.ID] = "main"
		default:
			names[g.ID] = fmt.Sprintf("G%d", len(names))
		}
	}
	return names
}

// schedule is the whole of it, to be drawn.
func (s *story) schedule() *lanes.Schedule {
	names := s.names()
	lane := map[int]int{}
	events := s.out.Events[max(0, len(s.out.Events)-maxSteps):]
	out := &lanes.Schedule{Before: s.out.Before + len(s.out.Events) - len(events)}
	var origins []runtime.Frame
	for _, g := range s.out.Goroutines {
		if name, ok := names[g.ID]; ok {
			lane[g.ID] = len(out.Lanes)
			origins = append(origins, g.Origin())
			out.Lanes = append(out.Lanes, lanes.Lane{Name: name, Origin: placeOf(g.Origin())})
		}
	}
	calls := make([]call, len(out.Lanes)) // the one that each is in
	last := -1                            // the step that the next one may pre-empt
	for _, e := range events {
		if e.Preempts && last >= 0 {
			out.Steps[last].Preempted = true
		}
		if e.With == 0 {
			last = -1
		}
		l, ok := lane[e.Goroutine]
		stack := e.Stack()
		if !ok || len(stack) == 0 {
			continue
		}
		if e.With == 0 {
			last = len(out.Steps)
		}
		step := lanes.Step{Lane: l, Op: e.Op.String(), Place: placeOf(stack[0])}
		if c := called(stack, origins[l]); c != calls[l] {
			calls[l] = c
			step.Call, step.From = c.function, c.from
		}
		out.Steps = append(out.Steps, step)
	}
	if s.out.Races > 0 {
		out.Ends = append(out.Ends, s.raceStory()...)
	}
	if s.out.Kind == rt.Deadlock || s.out.Kind == rt.Leak || s.out.Kind == rt.Wrong {
		out.Ends = append(out.Ends, s.waits()...)
	}
	return out
}

// call is a call of the code under test by the test. The zero call is none.
type call struct {
	function string // its bare name
	from     lanes.Place
}

// called returns the call that a goroutine with that origin is in: none if the code under test
// started it, or if the test called a function literal of the code's.
func called(stack []runtime.Frame, origin runtime.Frame) (c call) {
	stack = append(stack, origin)
	for i := 1; i < len(stack); i++ {
		if code, by := stack[i-1], stack[i]; isTest(by) && !isTest(code) {
			c = call{bareName(code.Function), placeOf(by)}
		}
	}
	if c.function == "" {
		return call{}
	}
	return c
}

// isTest reports whether a frame is the test's, or of what helps tests.
func isTest(f runtime.Frame) bool {
	return strings.HasSuffix(f.File, "_test.go") ||
		strings.HasPrefix(f.Function, "lockstep/grader/") || strings.HasPrefix(f.Function, "github.com/stretchr/testify/")
}

var literal = regexp.MustCompile(`\.func\d`)

// bareName is what a call of a function begins with: "Get" of "queue.(*fifo[...]).Get". A
// function literal has no name.
func bareName(function string) string {
	if literal.MatchString(function) {
		return ""
	}
	function = strings.TrimSuffix(strings.ReplaceAll(function, "[...]", ""), "-fm") // a method value
	return function[strings.LastIndexByte(function, '.')+1:]
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
