package explore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"

	"lockstep/grader/internal/evidence"
)

// Report is what `grader explore --json` prints. Fields may be added; none changes.
type Report struct {
	Format  int    `json:"format"`  // 1
	Package string `json:"package"` // import path
	Tests   []Test `json:"tests"`   // in the order of the sources
}

// Test is what came of one test function.
type Test struct {
	Name string `json:"name"`
	// Status is pass, skipped, not-explored (none of its code ran in an exploration) or how a
	// schedule failed: fail, race, deadlock, leak, panic, timeout.
	Status  string `json:"status"`
	Message string `json:"message"`          // one line
	Detail  string `json:"detail,omitempty"` // several lines: the failing schedule, or what the test printed
	Seed    string `json:"seed,omitempty"`   // replays the failing schedule
	// Explorations are those that ended without a failure: one, or one for each subtest.
	Explorations []Exploration `json:"explorations"`
}

// Exploration is a body whose schedules did not fail.
type Exploration struct {
	Schedules   int  `json:"schedules"`
	Exhaustive  bool `json:"exhaustive"`            // they were all there are …
	Preemptions int  `json:"preemptions,omitempty"` // … with up to this many pre-emptions
}

// The statuses that are not an exploration's own.
const (
	pass        = "pass"
	skipped     = "skipped"
	notExplored = "not-explored"
)

// judge decides what came of a test whose process has ended.
func judge(name string, r evidence.Records, cmd *exec.Cmd, said string, cause error) Test {
	t := Test{Name: name, Explorations: []Exploration{}}
	var messages []string
	for _, e := range r.Explored {
		t.Explorations = append(t.Explorations, Exploration{e.Schedules, e.Exhaustive, e.Preemptions})
		messages = append(messages, e.Message)
	}
	ended := cmd.ProcessState != nil && cmd.ProcessState.Success()
	switch {
	case len(r.Findings) > 0:
		f := r.Findings[0]
		t.Status, t.Message, t.Detail, t.Seed = f.Status, f.Message, story(f), f.Seed
	case errors.Is(cause, context.DeadlineExceeded):
		t.Status, t.Message, t.Detail = "timeout", "the exploration did not end in the time given", said
	case !ended:
		t.Status, t.Message, t.Detail = "fail", fmt.Sprintf("the test failed outside an exploration: %v", cmd.ProcessState), said
	case len(r.Explored) > 0:
		t.Status, t.Message = pass, strings.Join(messages, "; ")
	case strings.Contains(said, "--- SKIP: "+name):
		t.Status, t.Message = skipped, "the test skipped itself"
	default:
		t.Status, t.Message = notExplored, "nothing of the test could be made the body of an exploration"
	}
	return t
}

func (r *Report) code() int {
	code := OK
	for _, t := range r.Tests {
		switch t.Status {
		case pass, skipped:
		case notExplored:
			if code == OK {
				code = Trouble
			}
		default:
			code = Failed
		}
	}
	return code
}

func (r *Report) writeJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// print writes the result as text.
func (t Test) print(w io.Writer) {
	fmt.Fprintf(w, "%-12s %s: %s\n", t.Status, t.Name, t.Message)
	if t.Detail != "" {
		fmt.Fprintf(w, "\n    %s\n\n", strings.ReplaceAll(strings.TrimSpace(t.Detail), "\n", "\n    "))
	}
	if t.Seed != "" {
		fmt.Fprintf(w, "    To run this schedule again: --run '^%s$' --seed %s\n\n", t.Name, t.Seed)
	}
}
