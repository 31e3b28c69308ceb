package interleave

import (
	"runtime"
	"testing"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave/internal/search"
	"lockstep/grader/interleave/rt"
)

// ExploreHere explores body as Explore does in a rewritten build, and returns the
// record instead of failing. A seed makes it a replay.
func ExploreHere(name, seed string, body func(*testing.T), opts ...Option) wire.Record {
	busy.Lock()
	defer busy.Unlock()
	c := search.Default()
	for _, o := range opts {
		o(&c)
	}
	e := &exploration{name: name, body: body, config: c, runner: rt.NewRunner()}
	return e.explore(seed).record
}

// Single is the option that makes Explore Once.
var Single Option = single

// GiveUpMessage returns what the watchdog would say now, and of which stacks.
func GiveUpMessage() (message, stacks string) {
	stacks = allStacks()
	return outsideMessage(outside(stacks)), stacks
}

// Called returns which function of the code a test has called, and on which of its lines.
func Called(stack []runtime.Frame, origin runtime.Frame) (function string, line int) {
	c := called(stack, origin)
	return c.function, c.from.Line
}
