//go:build grade

package hidden

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"lockstep/grader/exam"
)

// perhaps calls f with a context that ends meanwhile if sometimes is true, or just before,
// or just after.
func perhaps(ctx context.Context, sometimes bool, f func(ctx context.Context)) {
	ctx, cancel := context.WithCancel(ctx)
	exam.Together(
		func() { f(ctx) },
		func() {
			if sometimes {
				cancel()
			}
		},
	)
	cancel()
}

// TestQueueAtFullSpeed checks that no item is lost or doubled when many goroutines use all cores.
//
//grade:todo 10.5
//grade:points 1
//grade:needs TestEqualPriorities TestTheRightOneWakes TestEverybodyWakes TestWokenTooLate TestWaitingTogether TestPutPublishes
//grade:needs TestCancelLosesNoItem TestCancelKeepsNobodyWaiting
func TestQueueAtFullSpeed(t *testing.T) {
	for _, o := range orders {
		fullSpeed(t, o)
	}
}

func fullSpeed(t *testing.T, o order) {
	const producers, consumers, items, room = 4, 4, 40, 3
	q := o.make(room)
	var put [producers][]string
	var got [consumers + 1][]string // the last one is what was left
	var workers []func()
	var working exam.Count
	all, stop := context.WithCancel(background)
	defer stop()
	take := func(to *[]string) bool {
		item, err := q.TryGet()
		if err == nil {
			*to = append(*to, item)
		}
		return err == nil
	}
	for p := range producers {
		workers = append(workers, func() {
			for i := range items {
				item := fmt.Sprintf("%d from %d: %02d", i%2, p, i)
				perhaps(background, i%5 == 0, func(ctx context.Context) {
					if q.Put(ctx, item) == nil {
						put[p] = append(put[p], item)
					}
				})
			}
			if working.Add() == producers { // the last one
				for take(&got[consumers]) {
				}
				stop()
			}
		})
	}
	for c := range consumers {
		workers = append(workers, func() {
			for i := 0; all.Err() == nil; i++ {
				perhaps(all, i%7 == 0, func(ctx context.Context) {
					if item, err := q.Get(ctx); err == nil {
						got[c] = append(got[c], item)
					}
				})
				if n := q.Len(); n > room {
					t.Errorf("Len() = %d, want %d or less: %s(%d)", n, room, o.name, room)
				}
			}
		})
	}
	exam.Within(t, o.name+", 4 goroutines put items in and 4 take them out", func() { exam.Together(workers...) })
	for take(&got[consumers]) {
	}

	const when = "4 goroutines have put items in, 4 have taken them out, and some have given up"
	came, left := slices.Concat(put[:]...), slices.Concat(got[:]...)
	slices.Sort(came)
	slices.Sort(left)
	if !slices.Equal(came, left) {
		t.Errorf("%s(%d): %d items came out, want just the %d that were put in: %s", o.name, room, len(left), len(came), when)
	}
	if o.name == lifo.name {
		return
	}
	for c, items := range got[:consumers] {
		last := map[string]string{} // by priority and producer
		for _, item := range items {
			from, _, _ := strings.Cut(item, ":")
			if item < last[from] {
				t.Errorf("%s(%d): consumer %d got %q after %q, want them in the order in which they came: %s", o.name, room, c, item, last[from], when)
			}
			last[from] = item
		}
	}
}

// TestContextLetGo checks that a call that has returned leaves nobody behind who waits for the end of its context.
//
//grade:todo 10.5
//grade:points 1
//grade:needs TestTheRightOneWakes TestCancelLosesNoItem TestCancelKeepsNobodyWaiting
func TestContextLetGo(t *testing.T) {
	in(t, orders, func(t *testing.T, o order) {
		q, ctx := o.make(1), exam.Endless()
		exam.Together(
			func() { q.Put(ctx, "a"); q.Put(ctx, "b") },
			func() { q.Get(ctx); q.Get(ctx) },
		)
	}, few...)
}
