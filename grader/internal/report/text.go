package report

// Rules for the scorecard, and for `show`:
//
//   - It is read by someone whose program has just failed. Calm: no exclamation, no
//     blame, no capitals. What fails gets room, what passes gets a line (and, faint,
//     what an exploration proved), what has not been started gets less.
//   - One line per check: status, points, TODO, title. The message one can act on
//     stands below it, indented, at most maxMessageLines; `show` has the rest.
//   - Checks that share a cause which is not theirs (the chapter does not compile) share
//     a line; a message is said once, and what the status says already is not said again.
//   - A status is a mark and a word before it is a colour. Colour means: green earned,
//     red to fix, yellow worth a look, magenta not about you, cyan a command to type;
//     faint is what can be skipped.
//   - Right-hand figures stand in one column down the page, the course's total last.
//   - The last lines say what to do now, as commands that can be pasted.
//   - Nothing is wider than Options.Width. Prose wraps and keeps its indent.

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

const (
	defaultWidth    = 80  // columns
	minWidth        = 40  // columns; less is not worth laying out for
	maxWidth        = 100 // columns; longer lines are hard to read
	narrow          = 72  // columns; below, bars are short
	maxMessageLines = 6   // lines of a message on the scorecard
	maxNotes        = 8   // notes shown of one chapter
	messageIndent   = 6   // columns
)

// page is a report for people while it is drawn.
type page struct {
	palette
	bytes.Buffer
	width   int    // columns
	command string // how the reader starts the grader
}

func newPage(o Options) *page {
	p := &page{palette: palette{o.Color}, width: o.Width, command: o.Command}
	if p.width == 0 {
		p.width = defaultWidth
	}
	p.width = min(max(p.width, minWidth), maxWidth)
	if p.command == "" {
		p.command = "grader"
	}
	return p
}

// line writes parts, one after the other, as a line.
func (p *page) line(parts ...string) {
	p.WriteString(strings.TrimRight(strings.Join(parts, ""), " "))
	p.WriteByte('\n')
}

// prose writes s wrapped, with every line indented and painted. It writes at most
// limit lines, 0 for any number, and reports whether that was all.
func (p *page) prose(s string, indent, limit int, attributes ...color.Attribute) bool {
	lines := wrap(s, p.width-indent)
	for i, l := range lines {
		if limit > 0 && i == limit {
			return false
		}
		p.line(strings.Repeat(" ", indent), p.paint(l, attributes...))
	}
	return true
}

// Text writes the scorecard.
func Text(w io.Writer, r *verdict.Result, o Options) error {
	p := newPage(o)
	p.heading(r)
	compact := false // the chapter above took one line
	for i := range r.Chapters {
		c := &r.Chapters[i]
		one := c.Status == verdict.ChapterNotStarted && len(c.Notes) == 0
		if !one || !compact {
			p.line()
		}
		compact = one
		p.chapter(c)
	}
	p.total(r)
	p.line()
	p.next(r)
	_, err := w.Write(p.Bytes())
	return err
}

func (p *page) heading(r *verdict.Result) {
	title := sanitize.Line(r.Course, sanitize.MaxLabel).String()
	var whose []string
	if id := sanitize.Line(r.Submission.ID, sanitize.MaxLabel); !id.Empty() {
		whose = append(whose, id.String())
	}
	if commit := sanitize.Line(r.Submission.Commit, 12); !commit.Empty() {
		whose = append(whose, strings.TrimSuffix(commit.String(), "…"))
	}
	right := truncate(strings.Join(whose, " · "), p.width/2)
	title = truncate(title, p.width-width(right)-2)
	p.line(p.bold(pad(title, p.width-width(right))), p.faint(right))
}

// chapter writes one chapter: its header, its notes, its checks.
func (p *page) chapter(c *verdict.Chapter) {
	points, most := c.Points()
	lost := ungraded(c)
	name := strings.TrimSpace(sanitize.Line(c.ID, sanitize.MaxLabel).String() + "  " + sanitize.Line(c.Title, sanitize.MaxLabel).String())
	figures := fmt.Sprintf("%d/%d", points, most)
	if c.Status == verdict.ChapterNotStarted {
		p.row(name, p.faint(pad("not started", p.barWidth())), figures, color.Faint)
	} else {
		p.row(name, p.bar(points, lost, most), figures, color.Bold)
	}
	for i, n := range c.Notes {
		if i == maxNotes {
			p.prose(fmt.Sprintf("… and %s more notes", sanitize.Count(len(c.Notes)-maxNotes)), 2, 1, color.Faint)
			break
		}
		p.prose("Note: "+sanitize.Line(n, sanitize.MaxMessage).String(), 2, maxMessageLines, color.FgYellow)
	}
	if c.Status != verdict.ChapterNotStarted {
		p.checks(c)
	}
	if lost > 0 || c.Status == verdict.ChapterTrouble {
		p.prose(troubleNote, 2, 0, color.FgMagenta)
	}
}
