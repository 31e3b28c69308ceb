//go:build !race

package search_test

import (
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"lockstep/grader/interleave/internal/litmus"
	"lockstep/grader/interleave/internal/search"
	"lockstep/grader/interleave/rt"
)

// durable are the instructions at which package synctest can tell that a goroutine
// is blocked; it cannot for a mutex that another goroutine holds for ever.
func durable(p litmus.Program) bool {
	for _, t := range p.Threads {
		for _, in := range t {
			if in.Op == "nested" {
				return false
			}
		}
	}
	return true
}

// TestModelAgainstRuntime runs litmus programs on the real runtime, in bubbles of
// package synctest, many times each: whatever they see there has to be among what
// the models say is possible.
func TestModelAgainstRuntime(t *testing.T) {
	programs, runs := 220, 60
	if testing.Short() {
		programs = 66
	}
	compared, modelled, observed := 0, 0, 0
	for seed := range uint64(programs) {
		p := litmus.Random(1000 + seed)
		if !durable(p) {
			continue
		}
		model, all := everyOutcome(p)
		if !all {
			continue
		}
		compared++
		modelled += len(model)
		real := map[string]int{}
		for range runs {
			real[inBubble(t, p)]++
		}
		observed += len(real)
		for o := range real {
			if !model[o] {
				t.Errorf("seed %d\n%v\nthe runtime does what the model does not: %s\nmodel: %s", 1000+seed, p, o, strings.Join(slices.Sorted(maps.Keys(model)), "\n       "))
			}
		}
	}
	t.Logf("%d programs; outcomes: %d in the models, %d of them seen in the runtime", compared, modelled, observed)
}

// everyOutcome runs all schedules of p in the model.
func everyOutcome(p litmus.Program) (set map[string]bool, all bool) {
	o := &judge{p: p, runner: rt.NewRunner(), outcomes: map[string]bool{}}
	r := search.Find(o, search.Config{Preemptions: 50, Exhaust: 5000, ExhaustWork: 1 << 40, Steps: 400})
	return o.outcomes, r.Exhausted
}

// judge collects outcomes in the words that the real runtime's can be put in.
type judge struct {
	p        litmus.Program
	runner   *rt.Runner
	outcomes map[string]bool
}

func (o *judge) Run(s rt.Strategy, l rt.Limits) *rt.Outcome {
	m := litmus.NewMemory(o.p)
	failed := false
	l.Failed = &failed
	out := o.runner.Run(s, l, func() { o.p.Run(m) })
	switch out.Kind {
	case rt.Abandoned:
	case rt.Deadlock:
		o.outcomes[m.Seen()+"stuck"] = true
	default:
		o.outcomes[m.Seen()] = true
	}
	out.Kind = rt.Fine
	return out
}

// inBubble runs p on the real runtime.
func inBubble(t *testing.T, p litmus.Program) (outcome string) {
	synctest.Test(t, func(t *testing.T) {
		m := litmus.NewMemory(p)
		m.Pause = func() {
			for range rand.IntN(3) {
				runtime.Gosched()
			}
		}
		finished := make(chan bool)
		go func() {
			p.Run(m)
			close(finished)
		}()
		time.Sleep(time.Hour) // of the bubble's: until everybody is blocked or done
		outcome = m.Seen()
		if !m.Ended(p) {
			outcome += "stuck"
		}
		for !m.Ended(p) {
			m.Free()
			time.Sleep(time.Millisecond)
		}
		<-finished
	})
	return outcome
}
