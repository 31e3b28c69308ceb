//go:build !race

package search_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/interleave/internal/litmus"
	"lockstep/grader/interleave/internal/search"
	"lockstep/grader/interleave/rt"
)

// TestAllIsAll compares what a search that says it has run all schedules has seen with
// what one without a bound sees. Such a search saves its samples; no other does.
func TestAllIsAll(t *testing.T) {
	const samples = 1000
	covered, others := 0, 0
	for seed := range uint64(200) {
		p := litmus.Random(seed)
		o := &observer{p: p, runner: rt.NewRunner(), outcomes: map[string]int{}}
		c := search.Config{Preemptions: 2, Exhaust: 10_000, ExhaustWork: 1 << 40, Steps: 400, Samples: samples, Seed: 1}
		r := search.Find(o, c)
		if !r.All {
			others++
			require.Greater(t, r.Schedules, samples, "seed %d", seed)
			continue
		}
		covered++
		require.True(t, r.Exhausted)
		unbounded, _, all := outcomes(p, 50, true)
		require.True(t, all)
		require.Equal(t, unbounded, slices.Sorted(maps.Keys(o.outcomes)), "seed %d\n%v", seed, p)
	}
	t.Logf("%d programs with all their schedules, %d with more than two pre-emptions show", covered, others)
	assert.NotZero(t, covered)
	assert.NotZero(t, others)
}
