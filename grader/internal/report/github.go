package report

import (
	"bytes"
	"fmt"
	"io"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

const (
	maxAnnotations = 10        // of one kind, that GitHub shows of a step
	maxSummary     = 700 << 10 // bytes of stories in a job summary; GitHub takes 1 MiB in all
)

// GitHub writes the result as workflow commands: an annotation for each check that went
// wrong, and the two notices from which GitHub Classroom takes the points. Gaps that are
// still open get none. Markdown writes the job summary that goes with it.
func GitHub(w io.Writer, r *verdict.Result) error {
	var b bytes.Buffer
	var errors, warnings []string
	for i := range r.Chapters {
		c := &r.Chapters[i]
		for _, k := range checkLines(c) {
			annotation := fmt.Sprintf("%stitle=%s::%s", fileAndLine(c, &k), label(id(c)+" "+caption(&k).String()).Property(),
				sanitize.Line(string(k.Status)+": "+messageOf(&k), sanitize.MaxMessage).Data())
			switch k.Status {
			case verdict.Pass, verdict.Todo, verdict.NotStarted, verdict.Skipped:
			case verdict.Vet, verdict.Trouble:
				warnings = append(warnings, annotation)
			default:
				errors = append(errors, annotation)
			}
		}
	}
	annotate(&b, "error", errors)
	annotate(&b, "warning", warnings)
	points, most := r.Points()
	fmt.Fprintf(&b, "::notice title=Autograding complete::Points %d/%d\n", points, most)
	fmt.Fprintf(&b, "::notice title=Autograding report::{\"totalPoints\":%d,\"maxPoints\":%d}\n", points, most)
	_, err := w.Write(b.Bytes())
	return err
}

// fileAndLine are the properties that put an annotation beside the student's line, if
// the check names one.
func fileAndLine(c *verdict.Chapter, k *verdict.Check) string {
	file, line := placeOf(c, k)
	if file == "" {
		return ""
	}
	return fmt.Sprintf("file=%s,line=%d,", label(file).Property(), line)
}

// annotate writes annotations of one kind, the last that GitHub would show counting
// those that it would not.
func annotate(b *bytes.Buffer, kind string, annotations []string) {
	for i, a := range annotations {
		if i == maxAnnotations-1 && len(annotations) > maxAnnotations {
			fmt.Fprintf(b, "::%s title=More::and %s more, in the job summary\n", kind, sanitize.Count(len(annotations)-i))
			return
		}
		fmt.Fprintf(b, "::%s %s\n", kind, a)
	}
}

// Markdown writes the result as a job summary: a table of the chapters, then the story
// of each check that did not pass.
func Markdown(w io.Writer, r *verdict.Result) error {
	var b bytes.Buffer
	points, most := r.Points()
	fmt.Fprintf(&b, "## %s: %d of %d points\n\n", label(r.Course).Markdown(), points, most)
	if whose := label(r.Submission.ID + " " + r.Submission.Commit); !whose.Empty() {
		fmt.Fprintf(&b, "%s\n\n", whose.Markdown())
	}
	if lost := ungradedOf(r); lost > 0 {
		fmt.Fprintf(&b, "%s could not be graded and %s not counted against you.\n\n", plural(lost, "point"), isAre(lost))
	}
	b.WriteString("| Chapter | Status | Points |\n|---|---|---:|\n")
	for i := range r.Chapters {
		c := &r.Chapters[i]
		p, m := c.Points()
		fmt.Fprintf(&b, "| %s | %s | %d/%d |\n", label(c.ID+" "+c.Title).Markdown(), chapterWord(c), p, m)
	}
	room := allowance{maxSummary}
	for i := range r.Chapters {
		c := &r.Chapters[i]
		if c.Status == verdict.ChapterNotStarted {
			continue
		}
		for _, k := range checkLines(c) {
			switch k.Status {
			case verdict.Pass, verdict.Todo, verdict.NotStarted, verdict.Skipped:
				continue
			}
			fmt.Fprintf(&b, "\n### %s %s: %s\n\n%s\n\n%s", lookOf(k.Status).mark, label(c.ID).Markdown(),
				label(string(k.Status)).Markdown(), caption(&k).Markdown(), room.take(story(&k)).Fence())
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// chapterWord tells in a word how a chapter stands.
func chapterWord(c *verdict.Chapter) string {
	if c.Status != verdict.ChapterGraded {
		return label(string(c.Status)).Markdown()
	}
	if finished(c) {
		return "✓ passed"
	}
	wrong := 0
	for _, k := range c.Checks {
		if k.Status != verdict.Pass {
			wrong++
		}
	}
	return fmt.Sprintf("%d of %s to go", wrong, plural(len(c.Checks), "check"))
}
