package report

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"iter"
	"strconv"
	"strings"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

// Rules for the pages: static, no script, nothing from outside; real tables with scopes;
// colour is never the only sign; they work without a mouse, on a narrow screen, light and
// dark, and from a file.

//go:embed pages/style.css
var styleSheet string

//go:embed pages/class.html
var classPage string

var classTemplate = template.Must(template.New("class").Parse(classPage))

const (
	maxHardest = 30  // checks in the list of the most failed
	maxShared  = 200 // groups of the same content
	manyAlike  = 6   // students; more are folded away
)

type classView struct {
	Style      template.CSS
	Course     string
	Most       int
	Mean       string
	Spread     spreadView
	Chapters   []chapterHead
	Rows       iter.Seq[rowView] // a row at a time: a class of thousands is never in memory as a page
	Failed     []failedView
	Shared     []sharedView
	MoreShared int
	Trouble    []troubleView
}

type spreadView struct{ Students, Untouched, Partly, Failed, Low, Middle, High int }

type chapterHead struct {
	Number, Word, Mean string
	Most               int
}

type rowView struct {
	ID, Name, Total, Status string
	Flags                   []string
	Cells                   []cellView
}

type cellView struct{ Class, Mark, Words string }

type failedView struct {
	Chapter, Name, Todo, Title, Share, Message string
	Students, Same, Differ                     int
	Statuses                                   []string
}

type sharedView struct {
	Chapter  string
	Students []string
	Long     bool
	First    string
	Rest     int
}

type troubleView struct{ ID, Status, Why string }

// HTML writes the page of the class. It links to students/<id>.html, one per student.
func (c *Class) HTML(w io.Writer) error {
	s := c.spread()
	v := classView{
		Style: template.CSS(styleSheet), Course: cmp.Or(label(c.course).String(), "Course"), Most: c.most(),
		Spread: spreadView{s.students, s.untouched, s.partly, s.failed, s.low, s.middle, s.high},
	}
	chapters := c.inOrder()
	graded, sum := s.students-s.failed, 0
	for _, ch := range chapters {
		number, word, _ := strings.Cut(ch.id, "-")
		v.Chapters = append(v.Chapters, chapterHead{number, word, mean(ch.points, graded), ch.most})
		sum += ch.points
	}
	v.Mean = mean(sum, graded)
	v.Rows = func(yield func(rowView) bool) {
		for _, r := range c.students() {
			if !yield(viewOf(r, chapters)) {
				return
			}
		}
	}
	for _, h := range c.hardest(maxHardest) {
		v.Failed = append(v.Failed, h.view(s.students))
	}
	shared := c.shared()
	v.MoreShared = max(0, len(shared)-maxShared)
	for _, sh := range shared[:min(len(shared), maxShared)] {
		v.Shared = append(v.Shared, sharedView{sh.chapter.id, sh.students, len(sh.students) > manyAlike, sh.students[0], len(sh.students) - 1})
	}
	for _, r := range c.troubled() {
		v.Trouble = append(v.Trouble, troubleView{r.id, r.status(), r.why()})
	}
	return classTemplate.Execute(w, v)
}

func viewOf(r *row, chapters []*classChapter) rowView {
	v := rowView{ID: r.id, Name: r.name, Total: "?", Status: r.status(), Flags: r.flags}
	if r.graded {
		points, _ := r.points()
		v.Total = strconv.Itoa(points)
	}
	for _, ch := range chapters {
		v.Cells = append(v.Cells, cellOf(r.outcome(ch)))
	}
	return v
}

// cellOf draws a student's chapter in the heat map: a mark to see, words to hear.
func cellOf(o *outcome) cellView {
	switch {
	case o == nil, o.status == verdict.ChapterTrouble:
		return cellView{"hq", "?", "could not be graded"}
	case o.status == verdict.ChapterNotStarted:
		return cellView{"hn", "·", "not started"}
	case o.status == verdict.ChapterBuildFailed:
		return cellView{"hb", "✗", "does not compile"}
	case o.status == verdict.ChapterRejected:
		return cellView{"hb", "⊘", "uses what the chapter does not allow"}
	case o.lost > 0:
		return cellView{"hq", strconv.Itoa(o.points) + " ?", "and some could not be graded"}
	case o.most > 0 && o.points == o.most:
		return cellView{"h5", "✓ " + strconv.Itoa(o.points), "all"}
	}
	return cellView{"h" + strconv.Itoa(share(o.points, o.most, 5)), strconv.Itoa(o.points), ""}
}

func (h *hardship) view(class int) failedView {
	v := failedView{
		Chapter: h.chapter.id, Name: h.name, Todo: h.todo, Title: h.title, Message: h.message.text,
		Share: percent(h.students, class), Students: h.students, Same: h.message.students, Differ: h.students - h.message.students,
	}
	for _, s := range h.statuses {
		word := string(s.status)
		if len(h.statuses) > 1 {
			word += " " + strconv.Itoa(s.students)
		}
		v.Statuses = append(v.Statuses, word)
	}
	return v
}

// percent never says 0 of something nor 100 of less than all.
func percent(part, whole int) string {
	if whole == 0 {
		return ""
	}
	p := part * 100 / whole
	if part > 0 && p == 0 {
		return "under 1%"
	}
	return fmt.Sprintf("%d%%", p)
}

func mean(sum, n int) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(sum)/float64(n), 'f', 1, 64)
}

// lookColor is the class of the style sheet for a status.
func lookColor(s verdict.Status) string {
	switch s {
	case verdict.Pass:
		return "green"
	case verdict.NotStarted, verdict.Todo, verdict.Skipped:
		return ""
	case verdict.Vet, verdict.Missing:
		return "yellow"
	case verdict.Trouble:
		return "violet"
	}
	return "red"
}

func block(s string) sanitize.Text { return sanitize.Block(s, sanitize.MaxLines) }
