package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"time"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

//go:embed pages/student.html
var studentPage string

var studentTemplate = template.Must(template.New("student").Parse(studentPage))

type studentView struct {
	Style              template.CSS
	Class              bool // there is a page of the class to go back to
	ID, Name, Trouble  sanitize.Text
	Graded             bool
	Points, Most, Lost int
	Facts              []factView
	Flags              []sanitize.Text
	Chapters           []chapterView
}

type factView struct {
	Name  string
	Value sanitize.Text
}

type chapterView struct {
	ID, Title    sanitize.Text
	Word         string
	Look         lookView
	Points, Most int
	Notes        []sanitize.Text
	Checks       []checkView // none for a chapter that was not started
}

type checkView struct {
	Status, Tag, Title, Guarantee, Message, Detail, Seed sanitize.Text
	Look                                                 lookView
	Points                                               string
}

type lookView struct{ Mark, Color string }

// MemberHTML writes the page of one student, which stands in students/ beside the
// class's index.html.
func MemberHTML(w io.Writer, m *Member) error { return memberPage(w, m, true) }

// HTML writes a result as a page of its own.
func HTML(w io.Writer, r *verdict.Result) error {
	return memberPage(w, &Member{ID: r.Submission.ID, Result: r}, false)
}

func memberPage(w io.Writer, m *Member, class bool) error {
	v := studentView{
		Style: template.CSS(styleSheet), Class: class, ID: label(m.ID), Name: label(m.Name),
		Trouble: sanitize.Line(m.Trouble, sanitize.MaxMessage), Graded: m.Result != nil,
	}
	fact := func(name, value string) {
		if value := label(value); !value.Empty() {
			v.Facts = append(v.Facts, factView{name, value})
		}
	}
	fact("GitHub", m.Username)
	fact("Repository", m.Repo)
	fact("Branch", m.Branch)
	if m.Result != nil {
		fact("Commit", m.Result.Submission.Commit)
	}
	if !m.Submitted.IsZero() {
		fact("Handed in", m.Submitted.UTC().Format(time.RFC3339))
	}
	for _, f := range m.Flags {
		v.Flags = append(v.Flags, label(f))
	}
	if m.Result != nil {
		v.Points, v.Most = m.Result.Points()
		v.Lost = ungradedOf(m.Result)
		for i := range m.Result.Chapters {
			v.Chapters = append(v.Chapters, viewChapter(&m.Result.Chapters[i]))
		}
	}
	return studentTemplate.Execute(w, v)
}

func viewChapter(c *verdict.Chapter) chapterView {
	v := chapterView{ID: label(c.ID), Title: label(c.Title)}
	v.Points, v.Most = c.Points()
	v.Word, v.Look = chapterLook(c)
	for i, n := range c.Notes {
		if i == maxNotes {
			v.Notes = append(v.Notes, label(fmt.Sprintf("and %s more notes", sanitize.Count(len(c.Notes)-maxNotes))))
			break
		}
		v.Notes = append(v.Notes, sanitize.Line(n, sanitize.MaxMessage))
	}
	if c.Status == verdict.ChapterNotStarted {
		return v
	}
	for _, k := range checkLines(c) {
		one := checkView{
			Status: label(string(k.Status)), Tag: label(tag(&k)), Title: label(titleOf(&k)), Points: pointsOf(&k),
			Look: lookView{lookOf(k.Status).mark, lookColor(k.Status)},
		}
		if k.Status == verdict.Pass {
			one.Guarantee = label(k.Guarantee)
		} else {
			one.Message, one.Detail, one.Seed = sanitize.Line(messageOf(&k), sanitize.MaxMessage), block(k.Detail), label(k.Seed)
		}
		v.Checks = append(v.Checks, one)
	}
	return v
}

// chapterLook tells how a chapter stands: a word, and how it is drawn.
func chapterLook(c *verdict.Chapter) (string, lookView) {
	switch c.Status {
	case verdict.ChapterNotStarted:
		return "not started", lookView{"○", ""}
	case verdict.ChapterBuildFailed:
		return "does not compile", lookView{"✗", "red"}
	case verdict.ChapterRejected:
		return "not allowed", lookView{"⊘", "red"}
	case verdict.ChapterTrouble:
		return "could not be graded", lookView{"?", "violet"}
	}
	if finished(c) {
		return "passed", lookView{"✓", "green"}
	}
	passed, all := 0, 0
	for _, k := range c.Checks {
		if k.MaxPoints == 0 {
			continue
		}
		all++
		if k.Status == verdict.Pass {
			passed++
		}
	}
	return fmt.Sprintf("%d of %d", passed, all), lookView{"◐", "yellow"}
}
