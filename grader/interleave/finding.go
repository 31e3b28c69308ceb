package interleave

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave/internal/search"
	"lockstep/grader/interleave/lanes"
	"lockstep/grader/interleave/rt"
	"lockstep/grader/interleave/seed"
)

const width = 78 // of the text of a finding

// statuses are the scorecard's words for the ways a schedule can fail.
var statuses = map[rt.Kind]string{
	rt.Wrong: "fail", rt.Panic: "panic", rt.Misuse: "panic", rt.Deadlock: "deadlock",
	rt.Leak: "leak", rt.NoProgress: "timeout",
}

// finding runs the schedule of f once more, recorded, and tells what happens. original
// is the failure as it was found, nil for a replay; again says that it came back.
func (e *exploration) finding(f, original *search.Failure, again bool, result *search.Result) report {
	var out *rt.Outcome
	text := captureStderr(func() { out = search.Replay(e, e.config, f) })
	st := &story{out: out, races: parseRaces(text), log: e.last.log(), refused: refused(out.Panic), steps: e.config.Steps}
	if text != "" {
		printStderr(text)
	}
	recipe := seed.Recipe{
		Picks: f.Picks, Random: e.config.Seed, Adversarial: e.config.Adversarial, Leaks: e.config.Leaks,
		Race: f.Races > 0, Test: seed.Test(e.name), Call: e.call,
	}
	r := wire.Record{Kind: wire.Finding, Seed: recipe.String()}
	happened := out.Races > 0 || statuses[out.Kind] != ""
	switch {
	case happened:
		r.Status, r.Message = st.status(), st.message()
	case original == nil:
		r.Status, r.Message = "fail", "the schedule of this seed does not fail: the code has changed, or the failure depends on package-level state"
	default:
		r.Status = statuses[original.Kind]
		if original.Races > 0 {
			r.Status = "race"
		}
		r.Message = unreproduced(original)
	}
	var b strings.Builder
	if !wire.Active() {
		fmt.Fprintln(&b, lanes.Wrap(r.Message, width))
	}
	if happened && original != nil && (f.Left || !again && original.Races == 0) {
		fmt.Fprintln(&b, lanes.Wrap("It depends on what earlier schedules left in package-level variables: it does not fail in this way when it is run alone.", width))
	}
	if st.log != "" && strings.TrimSpace(st.log) != r.Message {
		fmt.Fprintf(&b, "\n%s\n", st.log)
	}
	schedule := st.schedule()
	if r.Schedule = encode(schedule); r.Schedule == nil {
		fmt.Fprintf(&b, "\n%s\n", schedule.Render(width, newSource().line))
	}
	switch {
	case result == nil:
	case e.config.Single:
		fmt.Fprintf(&b, "\nOne schedule is run: %s.\n", count(out.Steps, "step"))
	default:
		fmt.Fprintf(&b, "\nFound in schedule %d, made as small as it gets: %s.\n", original.At, count(out.Steps, "step"))
	}
	if !wire.Active() {
		fmt.Fprintf(&b, "Replay it: %s=%s\n", seed.EnvVar, r.Seed)
	}
	r.Detail = b.String()
	kind := kindOf(out.Kind, out.Races)
	if !happened && original != nil {
		kind = kindOf(original.Kind, original.Races)
	}
	return report{record: r, kind: kind}
}

// maxSteps is how many steps of a schedule are told, the last ones; nobody reads more.
const maxSteps = 2000

// encode returns a schedule for a grader that draws it, nil when none is listening.
func encode(s *lanes.Schedule) json.RawMessage {
	if !wire.Active() {
		return nil
	}
	data, err := json.Marshal(s)
	if err != nil {
		return nil
	}
	return data
}

// unreproduced explains a failure that did not come back.
func unreproduced(f *search.Failure) string {
	what := statuses[f.Kind]
	if f.Races > 0 {
		what = "race"
		if !strings.Contains(os.Getenv("GORACE"), "suppress_equal_stacks=0") {
			return `data race: see the race detector's report; for the schedule, run with GORACE="suppress_equal_stacks=0 suppress_equal_addresses=0", or a race is reported once in a process`
		}
	}
	return fmt.Sprintf("a schedule ended in a %s, but not when it was run again: the test or the code depends on package-level state that earlier schedules left behind", what)
}

// story makes sentences of a recorded schedule.
type story struct {
	out     *rt.Outcome
	races   []race
	log     string // what the test printed
	refused string
	steps   int // the limit
}

func (s *story) status() string {
	if s.out.Races > 0 {
		return "race"
	}
	return statuses[s.out.Kind]
}

// message is the one line that a student can act on.
func (s *story) message() string {
	if s.out.Races > 0 {
		return s.raceMessage()
	}
	switch s.out.Kind {
	case rt.Wrong:
		return firstFailure(s.log)
	case rt.Panic:
		if s.refused != "" {
			return s.refused
		}
		return "panic: " + s.out.Message + at(rt.Place(s.out.Panic))
	case rt.Misuse:
		g := s.acting()
		return "misuse: " + s.out.Message + ", where Go ends the program" + at(g.Where())
	case rt.Deadlock:
		return "deadlock: " + s.blocked()
	case rt.Leak:
		return "goroutine left behind: the test has returned, but " + s.blocked()
	case rt.NoProgress:
		return fmt.Sprintf("no progress: after %s %s", count(s.steps, "step"), s.busy())
	}
	return ""
}

var spaces = regexp.MustCompile(`\s+`)

// firstFailure finds what was expected in the output of testify, or else returns the
// first line that the test printed.
func firstFailure(log string) string {
	lines := strings.Split(log, "\n")
	for i, l := range lines {
		text, ok := strings.CutPrefix(strings.TrimSpace(l), "Error:")
		if !ok {
			continue
		}
		for _, more := range lines[i+1:] {
			more = strings.TrimSpace(more)
			if strings.HasPrefix(more, "Test:") {
				continue
			}
			if more == "" || strings.HasPrefix(more, "Diff:") || strings.Contains(more, ".go:") {
				break
			}
			if m, ok := strings.CutPrefix(more, "Messages:"); ok {
				more = "(" + strings.TrimSpace(m) + ")"
			}
			text += " " + more
		}
		return spaces.ReplaceAllString(strings.TrimSpace(text), " ")
	}
	if log == "" {
		return "the test failed without a message"
	}
	return lines[0]
}
