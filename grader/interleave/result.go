package interleave

import (
	"testing"
	"time"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave/internal/search"
	"lockstep/grader/interleave/rt"
	"lockstep/grader/interleave/seed"
)

// Result is what Find or Replay came to.
type Result struct {
	Kind      string        // how the schedule found fails, see Find; empty: none failed
	Message   string        // the failure in one line
	Detail    string        // the whole of it, with lanes
	Seed      string        // what Replay takes
	Schedules int           // run until the failure or the end
	Exhausted bool          // all schedules up to the bound of pre-emptions were among them
	Elapsed   time.Duration // until the failure was found; making it small is not counted
}

var kinds = map[rt.Kind]string{
	rt.Wrong: "wrong result", rt.Panic: "panic", rt.Misuse: "misuse", rt.Deadlock: "deadlock",
	rt.Leak: "leak", rt.NoProgress: "no progress",
}

// Find explores body as Explore does, but returns what it found: a wrong result,
// panic, misuse, race, deadlock, leak or no progress. It is for programs that judge
// explorations. The name is the T's. In a build that was not rewritten it panics.
func Find(name string, body func(t *testing.T), opts ...Option) Result {
	e, done := begin(name, body, opts)
	defer done()
	start := time.Now()
	found := search.Find(e, e.config)
	r := Result{Schedules: found.Schedules, Exhausted: found.Exhausted, Elapsed: time.Since(start)}
	if found.Failure == nil {
		return r
	}
	smallest, again := search.Shrink(e, e.config, found.Failure)
	r.Kind = kindOf(smallest.Kind, smallest.Races)
	r.tell(e.finding(smallest, found.Failure, again, found).record)
	return r
}

// Replay runs the one schedule that a seed stands for, like Find in all else. A seed
// that is not one, or another test's, is no failure, and the Message says so.
func Replay(name string, body func(t *testing.T), text string, opts ...Option) Result {
	e, done := begin(name, body, opts)
	defer done()
	recipe, err := seed.Parse(text)
	if err != nil {
		return Result{Message: err.Error()}
	}
	if recipe.Test != seed.Test(name) {
		return Result{Message: "the seed of another test"}
	}
	e.config.Adversarial, e.config.Leaks, e.config.Seed = recipe.Adversarial, recipe.Leaks, recipe.Random
	f := &search.Failure{Picks: recipe.Picks}
	start := time.Now()
	out := search.Replay(e, e.config, f)
	r := Result{Kind: kindOf(out.Kind, out.Races), Schedules: 1, Elapsed: time.Since(start)}
	r.tell(e.finding(f, nil, false, nil).record)
	return r
}

// begin makes the exploration that the process runs until done is called.
func begin(name string, body func(t *testing.T), opts []Option) (e *exploration, done func()) {
	if !rt.Rewritten || rt.Controlled() {
		panic("interleave: not in a rewritten build, or inside an exploration")
	}
	busy.Lock()
	e = &exploration{name: name, body: body, config: configOf(opts), runner: rt.NewRunner()}
	stop := e.watch()
	return e, func() { stop(); busy.Unlock() }
}

func (r *Result) tell(record wire.Record) {
	r.Message, r.Detail, r.Seed = record.Message, record.Detail, record.Seed
}

// kindOf names how a schedule ended; a race is what matters about it.
func kindOf(kind rt.Kind, races int) string {
	if races > 0 {
		return "race"
	}
	return kinds[kind]
}
