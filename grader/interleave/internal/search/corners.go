package search

import (
	"maps"
	"slices"

	"lockstep/grader/interleave/rt"
)

// survey runs the ordinary schedule and notes what each choice was about.
type survey struct {
	kinds []uint64 // of the step that the ordinary pick takes; 0 for a value
	n     []int32  // alternatives
}

//go:norace
func (s *survey) Goroutine(p *rt.Point) int {
	s.kinds = append(s.kinds, p.Kind())
	s.n = append(s.n, int32(p.Total()))
	return 0
}

//go:norace
func (s *survey) Value(n int) int {
	s.kinds = append(s.kinds, 0)
	s.n = append(s.n, int32(n))
	return 0
}

// corners runs variants of the schedule that s has surveyed, with one pre-emption each: before the first and before the last
// step of every kind (the same goroutine doing the same to the same object). A long
// loop before the step that matters dilutes every other search, and not this one; it is
// for programs of which not all schedules with one pre-emption can be run.
// true: one failed.
func (f *finder) corners(s *survey) bool {
	first, last := map[uint64]int{}, map[uint64]int{}
	for i, kind := range s.kinds {
		if kind == 0 {
			continue
		}
		if _, seen := first[kind]; !seen {
			first[kind] = i
		}
		last[kind] = i
	}
	at := map[int]bool{}
	for kind := range first {
		at[first[kind]], at[last[kind]] = true, true
	}
	for _, i := range slices.Sorted(maps.Keys(at)) {
		if f.result.Steps > f.c.ExhaustWork {
			return false
		}
		for pick := int32(1); pick < s.n[i]; pick++ {
			picks := make([]int32, i+1)
			picks[i] = pick
			if f.run(&replay{picks: picks}) {
				return true
			}
		}
	}
	return false
}
