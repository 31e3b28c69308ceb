package search_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"lockstep/grader/interleave/internal/search"
	"lockstep/grader/interleave/rt"
)

// alike is a program of which every schedule takes as many steps and passes, and whose
// schedules have no end.
type alike struct{ steps int }

func (p alike) Run(s rt.Strategy, _ rt.Limits) *rt.Outcome {
	out := &rt.Outcome{Steps: p.steps}
	for range 500 {
		out.Trace = append(out.Trace, rt.Choice{Pick: int32(s.Value(2)), N: 2})
	}
	return out
}

// TestLongSchedulesAreFewer searches what takes 10,000 steps, as an answer does that polls.
func TestLongSchedulesAreFewer(t *testing.T) {
	r := search.Find(alike{10_000}, search.Default())
	assert.Less(t, r.Steps, 2_500_000)
	assert.Greater(t, r.Schedules, 100)
}

// TestShortSchedulesAreAllRun searches what takes as many steps as most do.
func TestShortSchedulesAreAllRun(t *testing.T) {
	c := search.Default()
	assert.Greater(t, search.Find(alike{100}, c).Schedules, c.Samples)
}
