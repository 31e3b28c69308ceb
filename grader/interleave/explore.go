package interleave

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave/internal/search"
	"lockstep/grader/interleave/rt"
	"lockstep/grader/interleave/seed"
)

var (
	busy  sync.Mutex           // held by the exploration in progress: a process runs one at a time
	calls = map[string]uint8{} // of Explore, by test; guarded by busy
)

// Explore runs body under many schedules of its goroutines and fails t with the first
// schedule that fails. See the package comment for what may be done in a body.
//
// It calls t.FailNow after a failure, so it must run on the test's own goroutine. Tests
// that call it in parallel wait for each other.
func Explore(t *testing.T, body func(t *testing.T), opts ...Option) {
	t.Helper()
	if !rt.Rewritten {
		plain(t, body, opts)
		return
	}
	if rt.Controlled() {
		panic("interleave: Explore called inside Explore")
	}
	busy.Lock()
	defer busy.Unlock()
	config := configOf(opts)
	e := &exploration{name: t.Name(), call: calls[t.Name()], body: body, config: config, runner: rt.NewRunner()}
	calls[e.name]++
	defer e.watch()()
	report := e.explore(replaySeed())
	if report.skipped {
		t.SkipNow()
	}
	if report.other {
		return
	}
	if report.record.Kind == wire.Finding || !config.Single { // one schedule is no search, and guarantees nothing
		wire.Send(report.record)
	}
	if report.record.Kind == wire.Finding {
		t.Fatal("\n" + report.record.Detail)
	}
	if !wire.Active() { // the grader has the record, and takes the log for what went wrong
		t.Log(report.record.Message)
	}
}

// Once runs body under one schedule: each goroutine goes on until it waits, then the next one, and
// time passes when nobody can go on. It is for scenarios with so many goroutines or steps that an
// exploration would take its time, and has a verdict that repeats as well. Who sleeps for a
// nanosecond there lets all others come as far as they can.
func Once(t *testing.T, body func(t *testing.T)) {
	t.Helper()
	Explore(t, body, single)
}

func single(c *search.Config) { c.Single, c.Steps = true, 1_000_000 }

func configOf(opts []Option) search.Config {
	config := search.Default()
	for _, o := range opts {
		o(&config)
	}
	return config
}

// plain runs body as it is, in a bubble of package synctest: a test that sleeps for an hour
// takes no hour there either. In a bubble, too, goroutines that are left blocked are a
// failure, and synctest knows no other way to say so than to panic.
func plain(t *testing.T, body func(t *testing.T), opts []Option) {
	t.Helper()
	if configOf(opts).Leaks {
		defer func() {
			value := recover()
			if err, ok := value.(error); value != nil && !(ok && strings.Contains(err.Error(), "blocked goroutines remain")) {
				panic(value)
			}
		}()
	}
	synctest.Test(t, body)
}

func replaySeed() string {
	if s := wire.Ordered().Seed; s != "" {
		return s
	}
	return os.Getenv(seed.EnvVar)
}

// exploration is one call of Explore.
type exploration struct {
	name   string
	call   uint8 // how many explorations the test had before
	body   func(*testing.T)
	config search.Config
	runner *rt.Runner
	last   *shadow // of the schedule run last
}

// report is what an exploration came to.
type report struct {
	record  wire.Record
	kind    string // of a finding, see Result
	skipped bool   // the test asked for it, or the seed is another test's
	other   bool   // the seed is another exploration's of the same test
}

// Run runs one schedule.
func (e *exploration) Run(s rt.Strategy, l rt.Limits) *rt.Outcome {
	sh := newShadow(e.name)
	e.last = sh
	l.Failed = sh.failed()
	if l.Restart {
		rt.Restart()
	}
	out := e.runner.Run(s, l, func() { sh.run(e.body) })
	if out.Kind == rt.Fine && !sh.returned && !out.Failed && !sh.skipped() {
		sh.t.Error("the test's own goroutine ended (runtime.Goexit) before the test had")
		out.Failed = true
	}
	if out.Failed && out.Kind != rt.Panic && out.Kind != rt.Misuse {
		out.Kind = rt.Wrong // what came after it is a consequence
	}
	return out
}

func (e *exploration) explore(text string) report {
	if text != "" {
		return e.replay(text)
	}
	result := search.Find(e, e.config)
	if e.last.skipped() {
		return report{skipped: true}
	}
	if f := result.Failure; f != nil {
		original := f
		f, again := search.Shrink(e, e.config, f)
		return e.finding(f, original, again, result)
	}
	r := wire.Record{Kind: wire.Explored, Schedules: result.Schedules, Preemptions: e.config.Preemptions}
	if result.Exhausted {
		r.Exhaustive, r.Schedules = true, result.Complete
		r.Message = fmt.Sprintf("all %s with up to %d pre-emptions, and %d others: none failed", count(result.Complete, "schedule"), e.config.Preemptions, result.Schedules-result.Complete)
	} else {
		r.Message = fmt.Sprintf("%s, none failed", count(result.Schedules, "schedule"))
	}
	return report{record: r}
}

// replay runs the one schedule that a seed stands for.
func (e *exploration) replay(text string) report {
	r, err := seed.Parse(text)
	if err == nil && (r.Test != seed.Test(e.name) || r.Call != e.call) {
		return report{skipped: r.Test != seed.Test(e.name), other: true}
	}
	if err != nil {
		return report{record: wire.Record{Kind: wire.Finding, Status: "fail", Message: err.Error(), Detail: err.Error() + ": " + text}}
	}
	e.config.Adversarial, e.config.Leaks, e.config.Seed = r.Adversarial, r.Leaks, r.Random
	f := &search.Failure{Picks: r.Picks}
	if r.Race {
		f.Races = 1
	}
	return e.finding(f, nil, false, nil)
}

func count(n int, noun string) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if n != 1 {
		noun += "s"
	}
	return s + " " + noun
}
