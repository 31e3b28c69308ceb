package report

import (
	"fmt"
	"strings"

	"github.com/fatih/color"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

const figuresWidth = 9 // columns, "1234/1234"

func (p *page) barWidth() int {
	if p.width < narrow {
		return 12
	}
	return 20
}

// row writes a name on the left, then a bar, or something as wide, and figures on the right.
func (p *page) row(name, bar, figures string, attributes ...color.Attribute) {
	room := p.width - p.barWidth() - figuresWidth - 2
	p.line(p.paint(pad(truncate(name, room), room), attributes...), "  ", bar, p.paint(padLeft(figures, figuresWidth), attributes...))
}

// bar draws points earned, and points that could not be graded, out of most. It is full
// only when all is earned, and not empty when anything is.
func (p *page) bar(points, ungraded, most int) string {
	cells := p.barWidth()
	full, unknown := share(points, most, cells), share(ungraded, most, cells)
	unknown = min(unknown, cells-full)
	return p.paint(strings.Repeat("█", full), color.FgGreen) +
		p.paint(strings.Repeat("?", unknown), color.FgMagenta) +
		p.faint(strings.Repeat("░", cells-full-unknown))
}

func share(part, whole, cells int) int {
	if part <= 0 || whole <= 0 {
		return 0
	}
	if part >= whole {
		return cells
	}
	return min(max(1, part*cells/whole), cells-1)
}

// ungraded sums the points of the checks that the grader had trouble with.
func ungraded(c *verdict.Chapter) int {
	n := 0
	for _, k := range c.Checks {
		if k.Status == verdict.Trouble {
			n += k.MaxPoints - k.Points
		}
	}
	return n
}

// total writes the course's line.
func (p *page) total(r *verdict.Result) {
	points, most := r.Points()
	lost := 0
	for i := range r.Chapters {
		lost += ungraded(&r.Chapters[i])
	}
	p.line(p.faint(strings.Repeat("─", p.width)))
	p.row("Total", p.bar(points, lost, most), fmt.Sprintf("%d/%d", points, most), color.Bold)
	if lost > 0 {
		p.prose(fmt.Sprintf("%s could not be graded and %s not counted against you.", plural(lost, "point"), isAre(lost)), 2, 0, color.FgMagenta)
	}
}

// next writes what to do now.
func (p *page) next(r *verdict.Result) {
	c, k := Next(r)
	switch {
	case len(r.Chapters) == 0:
		p.prose("There is nothing to grade.", 0, 0)
	case k == nil && len(r.Chapters) == 1:
		p.commands("Everything passes.", []string{"solution " + id(&r.Chapters[0]), "the reference, to compare", "next", "what to do now"})
	case k == nil:
		p.prose("Everything passes.", 0, 0)
	case k.Status == verdict.Trouble:
		p.commands("Next: see what the grader ran into.", []string{"doctor", "what this machine lacks", "grade " + id(c), "try again"})
	case c.Status == verdict.ChapterNotStarted:
		p.commands(fmt.Sprintf("Next: begin with chapters/%s/README.md.", id(c)), hintFor(k))
	default:
		p.commands("Next: "+task(c, k)+".", append([]string{"show " + nameOf(c, k), "the whole story"}, hintFor(k)...))
	}
}

// commands writes a line of prose and the commands that go with it: pairs of what to
// type after the grader's name, and what it is for.
func (p *page) commands(what string, pairs []string) {
	p.prose(what, 0, maxMessageLines)
	longest := 0
	for i := 0; i < len(pairs); i += 2 {
		longest = max(longest, width(p.command+" "+pairs[i]))
	}
	for i := 0; i < len(pairs); i += 2 {
		command := p.command + " " + pairs[i]
		about := "   " + pairs[i+1]
		if 2+longest+width(about) > p.width {
			about = ""
		}
		p.line("  ", p.cyan(pad(command, longest)), p.faint(about))
	}
}

func hintFor(k *verdict.Check) []string {
	if k.Todo == "" {
		return nil
	}
	return []string{"hint " + sanitize.Line(k.Todo, sanitize.MaxLabel).String(), "a nudge, then more"}
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return sanitize.Count(n) + " " + noun
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
