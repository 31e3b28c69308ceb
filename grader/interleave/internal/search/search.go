// Package search decides which schedules of a program to run, and makes the one that
// fails as small as it can.
package search

import "lockstep/grader/interleave/rt"

// Program is what is explored: a body that can be run again and again. Run resets it
// and runs it once; it reports failures that only the program knows of as Wrong.
type Program interface {
	Run(s rt.Strategy, l rt.Limits) *rt.Outcome
}

// Config says how far to search.
type Config struct {
	Samples     int    // schedules drawn by the mixed strategies; fewer when they are long, see usualSteps
	Preemptions int    // bound of the exhaustive search; negative: none
	Exhaust     int    // schedules the exhaustive search may run
	ExhaustWork int    // steps the exhaustive search may take
	Steps       int    // limit of one schedule
	Leaks       bool   // blocked goroutines at the end are no failure
	Adversarial bool   // time may pass at any moment
	Seed        uint64 // of the mixed strategies
	Unreduced   bool   // run schedules that lead to known states too
	Single      bool   // run one schedule, see turns
}

// Default is the configuration of a search that nobody asked for anything special.
func Default() Config {
	return Config{Samples: 1000, Preemptions: 2, Exhaust: 20_000, ExhaustWork: 600_000, Steps: 20_000, Seed: 1}
}

// limits are those of a schedule that begins as a program does.
func (c Config) limits() rt.Limits {
	return rt.Limits{Steps: c.Steps, Leaks: c.Leaks, Adversarial: c.Adversarial, Seed: c.Seed, Restart: true}
}

// Result is what a search came to.
type Result struct {
	Schedules int // run until the end of the search, or until the failure
	Exhausted bool
	Complete  int      // schedules of the exhaustive search, when it reached its end
	All       bool     // there are no others, whatever the number of pre-emptions
	Failure   *Failure // nil: none found
	Steps     int      // all in all
}

// Failure is a schedule that failed.
type Failure struct {
	Kind  rt.Kind
	Races int
	Picks []int32 // none for that of a Single search
	At    int     // the how manieth schedule it was
	Left  bool    // it depends on what earlier schedules left behind in package-level variables
}

// Find searches p.
func Find(p Program, c Config) *Result {
	f := &finder{p: p, c: c, limits: c.limits(), longest: 10}
	f.find()
	return &f.result
}

const (
	firstSamples = 60  // before the widest exhaustive search
	usualSteps   = 600 // of a sample: when they are longer there are fewer, so that an answer that polls is not out of time
	smallBound   = 1
	longRun      = 200 // choices; the ordinary schedule of a small scenario has fewer
)

type finder struct {
	p       Program
	c       Config
	limits  rt.Limits
	result  Result
	sampled int
	drawn   int  // steps of the schedules sampled
	longest int  // steps of the longest schedule so far
	forced  bool // a schedule of the current exhaustive search was: it proves nothing
}

func (f *finder) find() {
	if f.c.Single {
		f.run(turns{})
		return
	}
	if f.c.Preemptions >= 0 {
		s := &survey{}
		if f.run(s) {
			return
		}
		long := len(s.n) > longRun
		if long && f.corners(s) { // first, or a loop would use up the budget of the others
			return
		}
		all := false
		for bound := 0; bound <= min(smallBound, f.c.Preemptions) && !f.result.All; bound++ {
			failed, complete := f.exhaust(bound, 400, f.c.ExhaustWork/4)
			if failed {
				return
			}
			all = complete
		}
		if !all && !long && f.corners(s) {
			return
		}
	}
	first := min(firstSamples, f.c.Samples)
	if f.sample(first) {
		return
	}
	if f.c.Preemptions > smallBound && !f.result.All {
		if failed, _ := f.exhaust(f.c.Preemptions, f.c.Exhaust, f.c.ExhaustWork); failed {
			return
		}
	}
	if !f.result.All { // else the first samples were enough of the same
		f.sample(f.c.Samples - first)
	}
}

// sample runs n schedules of the mixed strategies, or fewer long ones; true: one failed.
// The first ones go on with what package-level variables hold, for mistakes that show only
// the second time.
func (f *finder) sample(n int) bool {
	defer func() { f.limits.Restart = true }()
	for range n {
		// A search may have abandoned the schedule before the first in the midst.
		f.limits.Restart = f.sampled == 0 || f.sampled >= firstSamples || f.limits.Leaks
		if f.sampled >= firstSamples && f.drawn > usualSteps*f.c.Samples {
			return false
		}
		f.sampled++
		before := f.result.Steps
		if f.run(sampler(f.c.Seed, f.sampled, f.longest)) {
			return true
		}
		f.drawn += f.result.Steps - before
	}
	return false
}

// exhaust runs all schedules with up to bound pre-emptions, unless they are more than
// most or take more steps than work: then it is not complete.
func (f *finder) exhaust(bound, most, work int) (failed, complete bool) {
	e := &exhaustive{bound: bound, cache: !f.c.Unreduced && !f.c.Adversarial}
	f.forced = false
	before := f.result.Steps
	for n := 1; n <= most && f.result.Steps-before <= work; n++ {
		e.begin()
		if f.run(e) {
			return true, false
		}
		if !e.next() {
			if f.forced {
				return false, false
			}
			f.result.All = !e.limited && !f.c.Adversarial
			f.result.Exhausted = bound == f.c.Preemptions || f.result.All
			f.result.Complete = n
			return false, true
		}
	}
	return false, false
}

func (f *finder) run(s rt.Strategy) (failed bool) {
	out := f.p.Run(s, f.limits)
	f.result.Schedules++
	f.result.Steps += out.Steps
	f.forced = f.forced || out.Forced
	if out.Steps < 1500 {
		f.longest = max(f.longest, out.Steps)
	}
	if out.Races == 0 && (out.Kind == rt.Fine || out.Kind == rt.Abandoned) {
		return false
	}
	f.result.Failure = &Failure{Kind: out.Kind, Races: out.Races, At: f.result.Schedules}
	if !f.c.Single {
		f.result.Failure.Picks = picks(out.Trace)
	}
	return true
}

// picks forgets how many alternatives there were, and ordinary picks at the end.
func picks(trace []rt.Choice) []int32 {
	n := len(trace)
	for n > 0 && trace[n-1].Pick == 0 {
		n--
	}
	p := make([]int32, n)
	for i := range p {
		p[i] = trace[i].Pick
	}
	return p
}
