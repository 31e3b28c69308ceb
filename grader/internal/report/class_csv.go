package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

// CSV writes the gradebook: a row per student by id, points per chapter and per check.
// A cell is empty, and not 0, where the grader could not tell.
func (c *Class) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	cell := func(s string) string { return sanitize.Line(s, sanitize.MaxMessage).CSV() }
	chapters := c.inOrder()
	header := []string{"student_id", "name", "github_username", "repository", "branch", "commit", "submitted_at", "status", "total", "max_points", "ungraded_points", "flags", "trouble"}
	checks := map[*classChapter][]*classCheck{}
	for _, ch := range chapters {
		header = append(header, cell(ch.id))
	}
	for _, ch := range chapters {
		for _, k := range ch.inOrder() {
			if k.most > 0 { // vet and policy lines give none
				checks[ch] = append(checks[ch], k)
				header = append(header, cell(ch.id+"/"+k.name))
			}
		}
	}
	out.Write(header) // the writer keeps its first error for Error
	most := c.most()
	for _, r := range c.students() {
		submitted := ""
		if !r.submitted.IsZero() {
			submitted = r.submitted.Format(time.RFC3339)
		}
		points, lost := r.points()
		total, ungraded := strconv.Itoa(points), strconv.Itoa(lost)
		if !r.graded {
			total, ungraded = "", strconv.Itoa(most)
		}
		line := []string{cell(r.id), cell(r.name), cell(r.username), cell(r.repo), cell(r.branch), cell(r.commit), submitted, r.status(),
			total, strconv.Itoa(most), ungraded, cell(strings.Join(r.flags, "; ")), cell(r.trouble)}
		for _, ch := range chapters {
			line = append(line, chapterPoints(r.outcome(ch)))
		}
		for _, ch := range chapters {
			for _, k := range checks[ch] {
				line = append(line, checkPoints(r.outcome(ch), k))
			}
		}
		out.Write(line)
	}
	out.Flush()
	return out.Error()
}

func chapterPoints(o *outcome) string {
	if o == nil || o.status == verdict.ChapterTrouble || o.most > 0 && o.lost == o.most {
		return ""
	}
	return strconv.Itoa(o.points)
}

func checkPoints(o *outcome, k *classCheck) string {
	if o == nil {
		return ""
	}
	status, points, ok := o.mark(k)
	if !ok || status == verdict.Trouble {
		return ""
	}
	return strconv.Itoa(points)
}
