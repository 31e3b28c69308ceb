//go:build grade

package hidden

import (
	"fmt"
	"slices"
	"testing"
	"time"

	producer "lockstep/chapters/11-producer-consumer"
	"lockstep/grader/exam"
)

// TestLineAtFullSpeed checks that nothing is lost or doubled when the line uses all cores.
//
//grade:todo 11.5
//grade:points 1
//grade:needs TestRunSideBySide TestRunHoldsBack TestRunContext TestRunStoreFails TestFirstWaits TestFirstContext TestFirstWorkers
func TestLineAtFullSpeed(t *testing.T) {
	const producers, each = 3, 300
	number := func(p int) producer.Producer[int] {
		return func(put func(int) error) {
			for i := range each {
				if put(p*each+i) != nil {
					return
				}
			}
		}
	}
	var all []producer.Producer[int]
	for p := range producers {
		all = append(all, number(p))
	}
	const when = "a line with 2 workers; 3 producers have put 300 items each, and Run has returned; another line runs at the same time"
	run := func() {
		var stored []string
		var working, storing exam.Peak
		l := producer.Line[int, string]{
			Producers: all, Room: 4, Workers: 2, Size: 7, Wait: 100 * time.Microsecond,
			Work: func(i int) string {
				working.Enter()
				defer working.Leave()
				return fmt.Sprintf("%04d", i)
			},
			Store: func(results []string) error {
				storing.Enter()
				defer storing.Leave()
				stored = append(stored, results...)
				return nil
			},
		}
		exam.Error(t, "Run(ctx)", l.Run(background), nil, when)
		if most := working.Most(); most > 2 {
			t.Errorf("calls of Work at the same time = %d, want 2 or fewer: %s", most, when)
		}
		exam.Equal(t, "calls of Store at the same time", storing.Most(), 1, when)
		slices.Sort(stored)
		exam.Equal(t, "results stored", len(stored), producers*each, when)
		exam.Equal(t, "different results stored", len(slices.Compact(stored)), producers*each, when)
	}
	exam.Within(t, "two lines with 3 producers of 300 items each, and 2 workers", func() { exam.Together(run, run) })
	var first []int
	var err error
	exam.Within(t, "First, of 3 producers of 300 items each, and 4 workers", func() {
		first, err = producer.First(background, 10, 4, func(i int) bool { return i%2 == 0 }, all...)
	})
	slices.Sort(first)
	exam.Error(t, "First(ctx, 10, 4, want, ...)", err, nil, "3 producers put 300 items each, of which half are wanted")
	exam.Equal(t, "different items of First(ctx, 10, 4, want, ...)", len(slices.Compact(first)), 10, "3 producers put 300 items each, of which half are wanted")
}
