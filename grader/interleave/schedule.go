package interleave

import (
	"fmt"
	"regexp"
	"runtime"
	"strings"

	"lockstep/grader/interleave/lanes"
	"lockstep/grader/interleave/rt"
)

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
	events := s.out.Events[max(0, len(s.out.Events)-maxSteps):]
	out := &lanes.Schedule{Before: s.out.Before + len(s.out.Events) - len(events)}
	lane := map[int]int{}
	var origins []runtime.Frame
	for _, g := range s.out.Goroutines {
		if name, ok := names[g.ID]; ok {
			lane[g.ID] = len(out.Lanes)
			origins = append(origins, g.Origin())
			out.Lanes = append(out.Lanes, lanes.Lane{Name: name, Origin: placeOf(g.Origin())})
		}
	}
	out.Steps = steps(events, lane, origins)
	if s.out.Races > 0 {
		out.Ends = append(out.Ends, s.raceStory()...)
	}
	if s.out.Kind == rt.Deadlock || s.out.Kind == rt.Leak || s.out.Kind == rt.Wrong {
		out.Ends = append(out.Ends, s.waits()...)
	}
	return out
}

// steps are those of the goroutines that have a lane; origins are where these were started.
func steps(events []rt.Event, lane map[int]int, origins []runtime.Frame) (steps []lanes.Step) {
	calls := make([]call, len(origins)) // the one that each is in
	last := -1                          // the step of the goroutine that the next event may pre-empt
	for _, e := range events {
		if e.Preempts && last >= 0 {
			steps[last].Preempted = true
		}
		l, known := lane[e.Goroutine]
		stack := e.Stack()
		known = known && len(stack) > 0
		switch {
		case e.With != 0: // the other side of the last one
		case known:
			last = len(steps)
		default:
			last = -1
		}
		if !known {
			continue
		}
		step := lanes.Step{Lane: l, Op: e.Op.String(), Place: placeOf(stack[0])}
		if c := called(stack, origins[l]); c != calls[l] {
			calls[l] = c
			step.Call, step.From = c.function, c.from
		}
		steps = append(steps, step)
	}
	return steps
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
