package report

import (
	"io"
	"strconv"
	"strings"

	"lockstep/grader/internal/verdict"
)

// The fields are those of version 3 of Exercism's results.json.

type exercismResult struct {
	Version int            `json:"version"`
	Status  string         `json:"status"`
	Message *string        `json:"message"` // null unless the status is "error"
	Tests   []exercismTest `json:"tests"`
}

type exercismTest struct {
	Name     string `json:"name"`
	Status   string `json:"status"`
	Message  string `json:"message,omitempty"`
	TestCode string `json:"test_code"`
	TaskID   int    `json:"task_id,omitempty"`
}

const maxExercismMessage = 65_535 // characters; a byte is never more than one

// Exercism writes the result as Exercism's results.json. Its status is "error" only when
// no check ran. Hidden tests stay hidden: test_code says what is checked, as a comment.
func Exercism(w io.Writer, r *verdict.Result) error {
	out := exercismResult{Version: 3, Status: "error", Tests: []exercismTest{}}
	var first *verdict.Check // that did not run
	for i := range r.Chapters {
		c := &r.Chapters[i]
		for j := range c.Checks {
			k := &c.Checks[j]
			switch k.Status {
			case verdict.BuildFailed, verdict.Rejected, verdict.Trouble:
				if first == nil {
					first = k
				}
			default:
				out.Status = overall(r)
			}
			out.Tests = append(out.Tests, exercismCheck(k))
		}
	}
	if out.Status == "error" {
		message := "There is nothing to grade."
		if first != nil {
			message = (&allowance{maxExercismMessage}).take(story(first)).String()
		}
		out.Message = &message
	}
	return encode(w, out)
}

func exercismCheck(k *verdict.Check) exercismTest {
	t := exercismTest{Name: label(k.Name).String(), Status: passFailError(k.Status), TestCode: "// " + caption(k).String(), TaskID: taskID(k.Todo)}
	if k.Status != verdict.Pass {
		t.Message = (&allowance{maxExercismMessage}).take(story(k)).String()
	}
	return t
}

// taskID is the exercise's number in its chapter: 3 of "5.3".
func taskID(todo string) int {
	n, err := strconv.Atoi(todo[strings.LastIndexByte(todo, '.')+1:])
	if err != nil || n < 0 {
		return 0
	}
	return n
}
