//go:build !race

// Litmus programs race on purpose (a close beside a send), which the race detector
// rightly reports: these tests are run without it.

package search_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"lockstep/grader/interleave/internal/litmus"
	"lockstep/grader/interleave/internal/search"
	"lockstep/grader/interleave/rt"
)

// observer collects the outcomes of all schedules of a litmus program.
type observer struct {
	p        litmus.Program
	runner   *rt.Runner
	outcomes map[string]int
	runs     int
}

func (o *observer) Run(s rt.Strategy, l rt.Limits) *rt.Outcome {
	m := litmus.NewMemory(o.p)
	failed := false
	l.Failed = &failed
	out := o.runner.Run(s, l, func() { o.p.Run(m) })
	o.runs++
	if out.Kind != rt.Abandoned {
		o.outcomes[fmt.Sprint(m.Seen(), out.Kind, out.Message)]++
	}
	out.Kind, out.Races = rt.Fine, 0 // go on
	return out
}

func outcomes(p litmus.Program, bound int, unreduced bool) (set []string, runs int, all bool) {
	o := &observer{p: p, runner: rt.NewRunner(), outcomes: map[string]int{}}
	r := search.Find(o, search.Config{Preemptions: bound, Exhaust: 10_000, ExhaustWork: 1 << 40, Steps: 400, Unreduced: unreduced})
	return slices.Sorted(maps.Keys(o.outcomes)), o.runs, r.Exhausted
}

// TestReductionLosesNothing compares the outcomes of litmus programs with and without
// the reduction: a bounded search and one without a bound.
func TestReductionLosesNothing(t *testing.T) {
	programs, compared, full, reduced := 110, 0, 0, 0
	if testing.Short() {
		programs = 66
	}
	for seed := range uint64(programs) {
		p := litmus.Random(seed)
		for _, bound := range []int{0, 1, 2, 50} {
			want, n, all := outcomes(p, bound, true)
			if !all {
				continue
			}
			got, m, _ := outcomes(p, bound, false)
			full, reduced, compared = full+n, reduced+m, compared+1
			if !slices.Equal(got, want) {
				t.Errorf("seed %d, bound %d, %d instead of %d schedules\n%v\nlost:\n%v\nnew:\n%v", seed, bound, m, n, p, minus(want, got), minus(got, want))
			}
		}
	}
	t.Logf("%d searches compared: %d schedules reduced to %d", compared, full, reduced)
}

func minus(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}
