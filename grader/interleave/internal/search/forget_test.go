package search_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"lockstep/grader/interleave/internal/search"
	"lockstep/grader/interleave/rt"
)

// forgetful has a race that the detector reports in every third run.
type forgetful struct{ runs int }

func (p *forgetful) Run(rt.Strategy, rt.Limits) *rt.Outcome {
	p.runs++
	out := &rt.Outcome{Steps: 3}
	if p.runs%3 == 0 {
		out.Races = 1
	}
	return out
}

// TestRaceIsSeenAgain replays a race that the detector does not report in every run.
func TestRaceIsSeenAgain(t *testing.T) {
	race := &search.Failure{Races: 1}
	assert.Equal(t, 1, search.Replay(&forgetful{}, search.Default(), race).Races)
	_, again := search.Shrink(&forgetful{}, search.Default(), race)
	assert.True(t, again)
}

// TestOthersRunOnce looks whether what is no race is run until it is one: it is run once as
// a program begins, and once with what earlier schedules left.
func TestOthersRunOnce(t *testing.T) {
	wrong := &search.Failure{Kind: rt.Wrong}
	p := &forgetful{}
	assert.Zero(t, search.Replay(p, search.Default(), wrong).Races)
	assert.Equal(t, 1, p.runs)
	_, again := search.Shrink(p, search.Default(), wrong)
	assert.False(t, again)
	assert.Equal(t, 3, p.runs)
}

// secondTime fails if it is not the first to run in a process.
type secondTime struct{ used bool }

func (p *secondTime) Run(_ rt.Strategy, l rt.Limits) *rt.Outcome {
	if l.Restart {
		p.used = false
	}
	out := &rt.Outcome{Steps: 3}
	if p.used {
		out.Kind = rt.Wrong
	}
	p.used = true
	return out
}

// TestSecondTime finds what goes wrong only with what an earlier schedule left, and says so.
func TestSecondTime(t *testing.T) {
	p := &secondTime{}
	f := search.Find(p, search.Default()).Failure
	if !assert.NotNil(t, f) {
		return
	}
	f, again := search.Shrink(p, search.Default(), f)
	assert.True(t, again)
	assert.True(t, f.Left)
	assert.Equal(t, rt.Wrong, search.Replay(p, search.Default(), f).Kind)
}
