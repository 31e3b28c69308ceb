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
	points, most := c.Points()
	done := points == most
	var shown []*verdict.Check
	var w columns
	for i := range c.Checks {
		k := &c.Checks[i]
		if k.Status != verdict.Pass {
			done = false
		}
	}
	for i := range c.Checks {
		k := &c.Checks[i]
		if done && k.MaxPoints == 0 {
			continue // in a finished chapter, "vet: nothing found" tells nothing
		}
		shown = append(shown, k)
		w.word = max(w.word, width(string(k.Status)))
		w.points = max(w.points, width(pointsOf(k)))
		w.todo = max(w.todo, width(tag(k)))
	}
	said := map[string]bool{}
	for _, k := range shown {
		p.check(k, w, done, said)
	}
}

// check writes one check: a line, and its message unless it was said before.
func (p *page) check(k *verdict.Check, w columns, done bool, said map[string]bool) {
	look := lookOf(k.Status)
	figures := pointsOf(k)
	lead := fmt.Sprintf("  %s  %s  %s  ", p.paint(look.mark+" "+pad(string(k.Status), w.word), look.color...),
		padLeft(figures, w.points), p.faint(pad(tag(k), w.todo)))
	indent := 2 + 2 + w.word + 2 + w.points + 2 + w.todo + 2
	title := titleOf(k)

	if k.Status == verdict.Pass {
		p.pass(k, lead, title, indent, done)
		return
	}
	quiet := k.Status == verdict.NotStarted || k.Status == verdict.Todo || k.Status == verdict.Skipped
	for i, l := range wrap(title, p.width-indent) {
		if quiet {
			l = p.faint(l)
		}
		if i == 0 {
			p.line(lead, l)
		} else {
			p.line(strings.Repeat(" ", indent), l)
		}
	}
	message := messageOf(k)
	if message == "" || said[message] || k.Status == verdict.Todo || k.Status == verdict.NotStarted {
		return
	}
	said[message] = true
	var attributes []color.Attribute
	if quiet {
		attributes = []color.Attribute{color.Faint}
	}
	if !p.prose(message, messageIndent, maxMessageLines, attributes...) {
		p.line(strings.Repeat(" ", messageIndent), p.faint("…"))
	}
}

// pass writes a check that passed: its title, cut to the line in a finished chapter,
// and what an exploration proved, where there is room.
func (p *page) pass(k *verdict.Check, lead, title string, indent int, done bool) {
	room := p.width - indent
	lines := wrap(title, room)
	if done {
		lines = []string{truncate(title, room)}
	}
	guarantee := sanitize.Line(k.Guarantee, sanitize.MaxLabel).String()
	last := len(lines) - 1
	for i, l := range lines {
		if i == last && guarantee != "" && width(l)+3+width(guarantee) <= room {
			l, guarantee = l+p.faint(" · "+guarantee), ""
		}
		if i == 0 {
			p.line(lead, l)
		} else {
			p.line(strings.Repeat(" ", indent), l)
		}
	}
	if guarantee != "" && !done {
		p.prose(guarantee, indent, 2, color.Faint)
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

// labelOf names a check in a sentence.
func labelOf(k *verdict.Check) string {
	return strings.TrimSpace(tag(k) + "  " + titleOf(k))
}

// nameOf is what to type to mean this check: vet and policy need their chapter.
func nameOf(c *verdict.Chapter, k *verdict.Check) string {
	name := sanitize.Line(k.Name, sanitize.MaxLabel).String()
	if k.Todo == "" && k.MaxPoints == 0 {
		return id(c) + "/" + name
	}
	return name
}

func id(c *verdict.Chapter) string { return sanitize.Line(c.ID, sanitize.MaxLabel).String() }

// messageOf is the check's message in one line, or what its status means.
func messageOf(k *verdict.Check) string {
	if m := sanitize.Line(k.Message, sanitize.MaxMessage); !m.Empty() {
		return m.String()
	}
	return advice(k.Status)
}
