package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"lockstep/grader/internal/report/sanitize"
)

const (
	summaryHardest = 5  // checks in a summary
	summaryTrouble = 20 // students in a summary; grades.csv has them all
)

// Text writes a summary of the class for a terminal.
func (c *Class) Text(w io.Writer, o Options) error {
	p := newPage(o)
	s := c.spread()
	p.line(p.bold(truncate(strings.TrimSpace(label(c.course).String()+" "+c.size()), p.width)))
	p.prose(strings.Join(s.words(), " · "), 2, 0)
	if s.students > s.failed {
		p.prose(fmt.Sprintf("median %d points, half of the class between %d and %d", s.middle, s.low, s.high), 2, 0)
	}
	p.line()
	c.table(p, s.students-s.failed)
	if hardest := c.hardest(summaryHardest); len(hardest) > 0 {
		p.line()
		p.line(p.bold("Most failed"))
		for _, h := range hardest {
			p.prose(fmt.Sprintf("%s of the class: %s (%s)", percent(h.students, s.students), h.what(), h.statuses[0].status), 2, 2)
			p.prose(h.message.text, messageIndent, 2, color.Faint)
		}
	}
	if troubled := c.troubled(); len(troubled) > 0 {
		p.line()
		p.line(p.paint("Not graded, or not in full", color.FgMagenta))
		for i, r := range troubled {
			if i == summaryTrouble {
				p.line("  ", fmt.Sprintf("and %s more", sanitize.Count(len(troubled)-i)))
				break
			}
			p.prose(r.id+": "+r.why(), 2, 2)
		}
	}
	_, err := w.Write(p.Bytes())
	return err
}

// table writes a line for each chapter.
func (c *Class) table(p *page, graded int) {
	chapters := c.inOrder()
	name := 0
	for _, ch := range chapters {
		name = max(name, width(ch.id))
	}
	name = min(name, p.width-32)
	p.line(p.faint("  " + pad("", name) + padLeft("begun", 8) + padLeft("passed", 9) + padLeft("mean points", 15)))
	for _, ch := range chapters {
		p.line("  ", pad(truncate(ch.id, name), name), padLeft(sanitize.Count(ch.started), 8), padLeft(sanitize.Count(ch.finished), 9),
			padLeft(fmt.Sprintf("%s/%d", mean(ch.points, graded), ch.most), 15))
	}
}

// size says how large the class and its course are.
func (c *Class) size() string {
	return fmt.Sprintf("%s, %s, %s", plural(len(c.rows), "student"), plural(len(c.chapters), "chapter"), plural(c.most(), "point"))
}

// words are the parts of the class that there are.
func (s spread) words() []string {
	var out []string
	for _, part := range []struct {
		n    int
		what string
	}{{s.graded, "graded"}, {s.untouched, "not started"}, {s.partly, "graded in part"}, {s.failed, "not graded"}} {
		if part.n > 0 {
			out = append(out, sanitize.Count(part.n)+" "+part.what)
		}
	}
	return out
}

// what names a check in a sentence.
func (h *hardship) what() string {
	return strings.Join(strings.Fields(h.chapter.id+" "+h.todo+" "+h.title), " ")
}

// Markdown writes the class as a job summary for GitHub Actions.
func (c *Class) Markdown(w io.Writer) error {
	var b bytes.Buffer
	s := c.spread()
	fmt.Fprintf(&b, "## %s: %s\n\n%s", label(c.course).Markdown(), c.size(), strings.Join(s.words(), ", "))
	if s.students > s.failed {
		fmt.Fprintf(&b, "; median %d points, half of the class between %d and %d", s.middle, s.low, s.high)
	}
	b.WriteString(".\n\n| Chapter | Begun | Passed | Mean points |\n|---|---:|---:|---:|\n")
	for _, ch := range c.inOrder() {
		fmt.Fprintf(&b, "| %s | %d | %d | %s/%d |\n", label(ch.id+" "+ch.title).Markdown(), ch.started, ch.finished, mean(ch.points, s.students-s.failed), ch.most)
	}
	if hardest := c.hardest(maxHardest); len(hardest) > 0 {
		b.WriteString("\n### Most failed checks\n\n| Check | Of the class | What they see |\n|---|---:|---|\n")
		for _, h := range hardest {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", label(h.what()).Markdown(), percent(h.students, s.students), sanitize.Line(h.message.text, maxClassMessage).Markdown())
		}
	}
	for i, r := range c.troubled() {
		if i == 0 {
			b.WriteString("\n### Not graded, or not in full\n\n")
		}
		if i == summaryTrouble {
			b.WriteString("* and more, in grades.csv\n")
			break
		}
		fmt.Fprintf(&b, "* %s: %s\n", label(r.id).Markdown(), sanitize.Line(r.why(), maxClassMessage).Markdown())
	}
	_, err := w.Write(b.Bytes())
	return err
}
