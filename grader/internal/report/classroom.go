package report

import (
	"encoding/base64"
	"encoding/json"
	"io"

	"lockstep/grader/internal/verdict"
)

// The fields are those of GitHub Classroom's grader steps.

type classroomResult struct {
	Version  int             `json:"version"`
	Status   string          `json:"status"`
	MaxScore int             `json:"max_score"`
	Tests    []classroomTest `json:"tests"`
}

type classroomTest struct {
	Name     string `json:"name"`
	Status   string `json:"status"`
	Score    int    `json:"score"`
	Message  string `json:"message"`
	TestCode string `json:"test_code"` // hidden tests stay hidden: empty
	Filename string `json:"filename"`
	LineNo   int    `json:"line_no"`
	Duration int    `json:"duration"`
}

const maxClassroom = 256 << 10 // bytes of stories; the step's output is one environment value

// Classroom writes what a grader step of GitHub Classroom sets as its output "result":
// JSON in base64, one line. The maximum leaves out what could not be graded.
func Classroom(w io.Writer, r *verdict.Result) error {
	_, most := r.Points()
	out := classroomResult{Version: 1, Status: overall(r), MaxScore: most - ungradedOf(r), Tests: []classroomTest{}}
	room := allowance{maxClassroom}
	for i := range r.Chapters {
		c := &r.Chapters[i]
		for j := range c.Checks {
			k := &c.Checks[j]
			t := classroomTest{Name: label(id(c) + " " + caption(k).String()).String(), Status: passFailError(k.Status), Score: k.Points}
			if k.Status != verdict.Pass {
				t.Message = room.take(story(k)).String()
				t.Filename, t.LineNo = placeOf(c, k)
			}
			out.Tests = append(out.Tests, t)
		}
	}
	data, err := json.Marshal(out)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, base64.StdEncoding.EncodeToString(data)+"\n")
	return err
}

// overall is the word for a whole result: "error" only when nothing could be run.
func overall(r *verdict.Result) string {
	switch all, any := passed(r); {
	case all:
		return "pass"
	case any:
		return "fail"
	}
	return "error"
}

// passFailError is the word for a check: "error" where there is no verdict on the code.
func passFailError(s verdict.Status) string {
	switch s {
	case verdict.Pass:
		return "pass"
	case verdict.Trouble, verdict.Skipped:
		return "error"
	}
	return "fail"
}
