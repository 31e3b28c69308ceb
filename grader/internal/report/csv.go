package report

import (
	"encoding/csv"
	"io"
	"strconv"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

var csvHeader = []string{"student_id", "commit", "chapter", "check", "todo", "title", "status", "points", "max_points", "message"}

// CSV writes the result as comma-separated values with a header: a row per check.
// Numbers are numbers; a text that a spreadsheet would take for a formula has an
// apostrophe before it.
func CSV(w io.Writer, r *verdict.Result) error {
	out := csv.NewWriter(w)
	out.Write(csvHeader) // the writer keeps its first error for Error
	for i := range r.Chapters {
		c := &r.Chapters[i]
		for j := range c.Checks {
			k := &c.Checks[j]
			message := ""
			if k.Status != verdict.Pass {
				message = sanitize.Line(messageOf(k), sanitize.MaxMessage).CSV()
			}
			out.Write([]string{
				label(r.Submission.ID).CSV(), label(r.Submission.Commit).CSV(), label(c.ID).CSV(), label(k.Name).CSV(),
				label(k.Todo).CSV(), label(k.Title).CSV(), label(string(k.Status)).CSV(),
				strconv.Itoa(k.Points), strconv.Itoa(k.MaxPoints), message,
			})
		}
	}
	out.Flush()
	return out.Error()
}
