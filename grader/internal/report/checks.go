package report

import (
	"fmt"
	"strings"

	"github.com/fatih/color"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

// columns are the widths that the check lines of a chapter share.
type columns struct{ word, points, todo int }

// checks writes the check lines of a chapter that was begun.
func (p *page) checks(c *verdict.Chapter) {
	lines := checkLines(c)
	var w columns
	for _, l := range lines {
		w.word = max(w.word, width(string(l.Status)))
		w.points = max(w.points, width(pointsOf(&l)))
		w.todo = max(w.todo, width(tag(&l)))
	}
	done := finished(c)
	said := map[string]bool{}
	for _, l := range lines {
		p.check(&l, w, done, said)
	}
}

// finished reports whether every check of the chapter passes.
func finished(c *verdict.Chapter) bool {
	for _, k := range c.Checks {
		if k.Status != verdict.Pass {
			return false
		}
	}
	return true
}

// checkLines returns what is to have a line: the checks, but one line for all that
// share a cause which is not theirs, and in a finished chapter none for the checks
// without points ("vet finds nothing").
func checkLines(c *verdict.Chapter) []verdict.Check {
	var lines []verdict.Check
	shared := map[verdict.Status]int{} // status to 1 + index of its line
	number := map[verdict.Status]int{} // checks with points that share it
	done := finished(c)
	for _, k := range c.Checks {
		if done && k.MaxPoints == 0 {
			continue
		}
		at := shared[k.Status]
		switch k.Status {
		case verdict.BuildFailed, verdict.Rejected, verdict.Trouble:
			if k.MaxPoints > 0 {
				number[k.Status]++
			}
			if at > 0 && (k.Message == "" || lines[at-1].Message == "" || k.Message == lines[at-1].Message) {
				first := &lines[at-1]
				first.Points, first.MaxPoints = first.Points+k.Points, first.MaxPoints+k.MaxPoints
				first.Name, first.Todo = "", ""
				first.Title = sharedTitle(k.Status, number[k.Status])
				if first.Message == "" {
					first.Message = k.Message
				}
				continue
			}
			shared[k.Status] = len(lines) + 1
		}
		lines = append(lines, k)
	}
	return lines
}

func sharedTitle(s verdict.Status, n int) string {
	switch s {
	case verdict.BuildFailed:
		return plural(n, "check") + " can run once the chapter compiles"
	case verdict.Rejected:
		return plural(n, "check") + " can run once this is changed"
	}
	return plural(n, "check") + " could not be run"
}

// check writes one check: a line, and its message unless it was said before.
func (p *page) check(k *verdict.Check, w columns, done bool, said map[string]bool) {
	look := lookOf(k.Status)
	lead := "  " + p.paint(look.mark+" "+pad(string(k.Status), w.word), look.color...) + "  "
	indent := 2 + 2 + w.word + 2
	if w.points > 0 {
		lead += padLeft(pointsOf(k), w.points) + "  "
		indent += w.points + 2
	}
	if w.todo > 0 {
		lead += p.faint(pad(tag(k), w.todo)) + "  "
		indent += w.todo + 2
	}
	if k.Status == verdict.Pass {
		p.pass(k, lead, indent, done)
		return
	}
	var attributes []color.Attribute
	quiet := k.Status == verdict.NotStarted || k.Status == verdict.Todo || k.Status == verdict.Skipped
	if quiet {
		attributes = append(attributes, color.Faint)
	}
	p.hanging(lead, indent, wrap(titleOf(k), p.width-indent), attributes...)
	message := messageOf(k)
	if message == "" || said[message] || k.Status == verdict.Todo || k.Status == verdict.NotStarted {
		return
	}
	said[message] = true
	if !p.prose(message, messageIndent, maxMessageLines, attributes...) {
		p.line(strings.Repeat(" ", messageIndent), p.faint("…"))
	}
}

// hanging writes lead and the first of lines beside it, the others below that.
func (p *page) hanging(lead string, indent int, lines []string, attributes ...color.Attribute) {
	for _, l := range lines {
		p.line(lead, p.paint(l, attributes...))
		lead = strings.Repeat(" ", indent)
	}
}

// pass writes a check that passed: its title, cut to the line in a finished chapter,
// and what an exploration proved, where there is room.
func (p *page) pass(k *verdict.Check, lead string, indent int, done bool) {
	room := p.width - indent
	lines := wrap(titleOf(k), room)
	if done {
		lines = []string{truncate(titleOf(k), room)}
	}
	guarantee := sanitize.Line(k.Guarantee, sanitize.MaxLabel).String()
	last := &lines[len(lines)-1]
	if beside := " · " + guarantee; guarantee != "" && width(*last+beside) <= room {
		*last += p.faint(beside)
		guarantee = ""
	}
	p.hanging(lead, indent, lines)
	if guarantee != "" && !done {
		p.prose(guarantee, messageIndent, 2, color.Faint)
	}
}

// pointsOf is "1/3"; "-/3" where the grader could not tell; nothing for a check without points.
func pointsOf(k *verdict.Check) string {
	switch {
	case k.MaxPoints == 0:
		return ""
	case k.Status == verdict.Trouble:
		return fmt.Sprintf("-/%d", k.MaxPoints)
	}
	return fmt.Sprintf("%d/%d", k.Points, k.MaxPoints)
}

// tag is what stands in the column of TODO numbers: the number, or "vet" or "policy".
func tag(k *verdict.Check) string {
	if k.Todo == "" && k.MaxPoints == 0 {
		return sanitize.Line(k.Name, 12).String()
	}
	return sanitize.Line(k.Todo, 12).String()
}

func titleOf(k *verdict.Check) string {
	if t := sanitize.Line(k.Title, sanitize.MaxLabel); !t.Empty() {
		return t.String()
	}
	return sanitize.Line(k.Name, sanitize.MaxLabel).String()
}

// task names in a sentence what a check asks for.
func task(c *verdict.Chapter, k *verdict.Check) string {
	switch {
	case k.Status == verdict.BuildFailed:
		return "make " + id(c) + " compile"
	case k.Todo == "" && k.MaxPoints == 0:
		return "what " + tag(k) + " found in " + id(c)
	}
	return strings.TrimSpace(tag(k) + " " + titleOf(k))
}

// nameOf is what to type to mean this check, and none of that name in another chapter.
func nameOf(c *verdict.Chapter, k *verdict.Check) string {
	number, _, _ := strings.Cut(id(c), "-")
	return number + "/" + sanitize.Line(k.Name, sanitize.MaxLabel).String()
}

func id(c *verdict.Chapter) string { return sanitize.Line(c.ID, sanitize.MaxLabel).String() }

// messageOf is the check's message in one line, or what its status means.
func messageOf(k *verdict.Check) string {
	if m := sanitize.Line(k.Message, sanitize.MaxMessage); !m.Empty() {
		return m.String()
	}
	return advice(k.Status)
}
