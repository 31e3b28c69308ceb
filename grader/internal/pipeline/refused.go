package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"lockstep/grader/internal/course"
	"lockstep/grader/internal/gotest"
	"lockstep/grader/internal/skeleton"
	"lockstep/grader/internal/submission"
	"lockstep/grader/internal/verdict"
)

// uniform is a chapter whose checks all have one status.
func uniform(ch *course.Chapter, status verdict.ChapterStatus, each verdict.Status) verdict.Chapter {
	out := verdict.Chapter{ID: ch.ID, Title: ch.Manifest.Title, Status: status}
	for _, check := range ch.Checks {
		out.Checks = append(out.Checks, verdict.Check{
			Name: check.Name, Todo: check.Todo, Title: check.Title, MaxPoints: check.Points, Status: each,
		})
	}
	return out
}

// headed is a uniform chapter with a line on top that says why.
func headed(ch *course.Chapter, status verdict.ChapterStatus, line verdict.Check) verdict.Chapter {
	out := uniform(ch, status, line.Status)
	out.Checks = slices.Insert(out.Checks, 0, line)
	return out
}

func trouble(ch *course.Chapter, err error) verdict.Chapter {
	return headed(ch, verdict.ChapterTrouble, verdict.Check{
		Name: "grader", Title: "the grader can grade this chapter", Status: verdict.Trouble,
		Message: firstLine(err.Error()), Detail: err.Error(),
	})
}

func cancelled(check course.Check, err error) verdict.Check {
	return verdict.Check{
		Name: check.Name, Todo: check.Todo, Title: check.Title, MaxPoints: check.Points,
		Status: verdict.Trouble, Message: err.Error(),
	}
}

func problems(ch *course.Chapter, found []submission.Problem) verdict.Chapter {
	line := verdict.Check{Name: "build", Title: "the files can be compiled", Status: verdict.BuildFailed}
	status := verdict.ChapterBuildFailed
	var detail []string
	for _, p := range found {
		if p.Refused {
			line = verdict.Check{Name: "policy", Title: "the files are what may be handed in", Status: verdict.Rejected}
			status = verdict.ChapterRejected
		}
		detail = append(detail, p.File+": "+p.Message)
	}
	line.Message, line.Detail = detail[0], strings.Join(detail, "\n")
	return headed(ch, status, line)
}

func rejected(ch *course.Chapter, files map[string][]byte, found []gotest.Diagnostic) verdict.Chapter {
	var detail strings.Builder
	for _, f := range found {
		fmt.Fprintln(&detail, f)
		detail.WriteString(quote(files[f.File], f.Line))
	}
	return headed(ch, verdict.ChapterRejected, verdict.Check{
		Name: "policy", Title: "the code uses what the chapter allows", Status: verdict.Rejected,
		Message: found[0].String() + more(len(found)), Detail: detail.String(),
	})
}

// buildFailed tells what the compiler said of the student's files; what it said of the
// tests is told as the change in the student's files that led to it.
func buildFailed(ch *course.Chapter, files map[string][]byte, found []gotest.Diagnostic) verdict.Chapter {
	var own, others []gotest.Diagnostic
	for _, d := range found {
		if _, ok := files[d.File]; ok && (d.Dir == ch.Folder || d.Dir == "") {
			own = append(own, d)
		} else {
			others = append(others, d)
		}
	}
	if len(own) == 0 {
		own = told(skeleton.Changes(ch.Skeleton, files))
	}
	if len(own) == 0 {
		for _, d := range others {
			d.File = "" // where it stands in a test is nothing the student could change
			d.Message = "the tests do not compile with your package: " + d.Message
			own = append(own, d)
		}
	}
	var detail strings.Builder
	for _, d := range own {
		fmt.Fprintln(&detail, d)
		detail.WriteString(quote(files[d.File], d.Line))
	}
	return headed(ch, verdict.ChapterBuildFailed, verdict.Check{
		Name: "build", Title: "the chapter compiles", Status: verdict.BuildFailed,
		Message: own[0].String() + more(len(own)), Detail: detail.String(),
	})
}

// told are changes as the compiler would tell them.
func told(changes []skeleton.Change) []gotest.Diagnostic {
	var out []gotest.Diagnostic
	for _, c := range changes {
		out = append(out, gotest.Diagnostic{File: c.File, Line: c.Line, Message: c.Message})
	}
	return out
}

// quote returns a line of a file as reports show it, "" when there is no such line.
func quote(data []byte, line int) string {
	lines := strings.Split(string(data), "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	return fmt.Sprintf("    %4d | %s\n", line, strings.TrimSpace(lines[line-1]))
}

// more says how many findings follow the first.
func more(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n-1)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

func contains(names []string, name string) bool { return slices.Contains(names, name) }
