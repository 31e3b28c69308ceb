package interleave

import (
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
