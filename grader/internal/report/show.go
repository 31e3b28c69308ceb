package report

import (
	"io"
	"regexp"
	"strings"

	"github.com/fatih/color"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

// Show writes one check in full: what it proves, what happened, the evidence, how to
// see it again and what to do next. Find gives its arguments.
func Show(w io.Writer, c *verdict.Chapter, k *verdict.Check, o Options) error {
	p := newPage(o)
	look := lookOf(k.Status)
	status := look.mark + " " + string(k.Status)
	where := id(c)
	if k.Todo != "" {
		where += " · TODO " + tag(k)
	}
	if k.MaxPoints > 0 {
		where += " · " + pointsOf(k)
	}
	where = truncate(where, p.width-width(status)-2)
	p.line(p.paint(status, append(look.color, color.Bold)...), padLeft(where, p.width-width(status)))
	p.line()
	p.prose(sanitize.Line(k.Name, sanitize.MaxLabel).String(), 0, 0, color.Bold)
	if k.Title != "" {
		p.prose(titleOf(k), 0, 0)
	}
	if g := sanitize.Line(k.Guarantee, sanitize.MaxLabel); !g.Empty() {
		p.prose("Holds in "+g.String()+".", 0, 0, color.Faint)
	}
	detail := sanitize.Block(k.Detail, sanitize.MaxLines).String()
	if m := messageOf(k); m != "" && !strings.HasPrefix(strings.TrimSpace(detail), m) {
		p.line()
		p.prose(m, 2, 0, look.color...)
	}
	if detail != "" {
		p.line()
		p.detail(detail)
	}
	if k.Status == verdict.Trouble {
		p.line()
		p.prose(troubleNote, 2, 0, color.FgMagenta)
	}
	if seed := sanitize.Line(k.Seed, sanitize.MaxMessage); !seed.Empty() {
		p.line()
		p.prose("To run this schedule, and no other, again:", 2, 0, color.Faint)
		p.shell(p.command+" show "+nameOf(c, k)+" --seed "+seed.String(), 4)
	}
	p.line()
	p.after(c, k)
	_, err := w.Write(p.Bytes())
	return err
}

// shell writes a command that can be copied as it stands, on a narrow page too.
func (p *page) shell(command string, indent int) {
	const goesOn = ` \`
	lines := wrap(command, p.width-indent-len(goesOn))
	for i, l := range lines {
		if i < len(lines)-1 {
			l += goesOn
		}
		p.line(strings.Repeat(" ", indent), p.paint(l, color.FgCyan))
	}
}

// after writes what to do once the check has been read.
func (p *page) after(c *verdict.Chapter, k *verdict.Check) {
	again := []string{"grade " + id(c), "grade the chapter again"}
	switch k.Status {
	case verdict.Pass:
		p.commands("Next: what else there is to do.", []string{"next", "the check to work on now"})
	case verdict.Trouble:
		p.commands("Next: see what the grader ran into.", append([]string{"doctor", "what this machine lacks"}, again...))
	case verdict.BuildFailed, verdict.Rejected, verdict.Vet:
		p.commands("Next: change the lines above.", again)
	default:
		p.commands("Next:", append(hintFor(k), again...))
	}
}

var (
	place  = regexp.MustCompile(`[\w./-]+\.go:\d+(:\d+)?`)
	quoted = regexp.MustCompile(`^(\s*(?:>\s*)?\d+ \|)( .*)$`)
)

// detail writes the evidence: lanes as lanes, quoted source with its numbers faint,
// places in bold, and the rest as it is. Lines that are too wide wrap.
func (p *page) detail(text string) {
	const indent = 2
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		if t, ok := parseLanes(lines[i:]); ok {
			p.lanes(t, indent)
			i += len(t.rows)
			continue
		}
		line := lines[i]
		own := len(line) - len(strings.TrimLeft(line, " "))
		own = min(own, p.width/2)
		for n, l := range wrap(strings.TrimLeft(line, " "), p.width-indent-own-2) {
			lead := strings.Repeat(" ", indent+own)
			if n > 0 {
				lead += "  "
			}
			if m := quoted.FindStringSubmatch(l); m != nil {
				l = p.faint(m[1]) + m[2]
			} else {
				l = place.ReplaceAllStringFunc(l, p.bold)
			}
			p.line(lead, l)
		}
	}
}
