package report

import (
	"fmt"
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
		p.prose("The same schedule runs each time from seed "+seed.String(), 2, 0, color.Faint)
	}
	p.line()
	p.after(c, k)
	_, err := w.Write(p.Bytes())
	return err
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

// laneTable is a schedule as it was printed: a column per goroutine, a row per step.
//
//	step  main         G1           G2
//	   1  go G1
//	   2               mu.Lock      lock.go:31
type laneTable struct {
	names  []string // the header: "step", then the lanes
	starts []int    // where each column begins, in runes
	rows   []string // without the header
}

var gap = regexp.MustCompile(` {2,}`)

// parseLanes reads a table of lanes at the start of lines: a header that begins with
// the word "step", and rows up to an empty line.
func parseLanes(lines []string) (laneTable, bool) {
	var t laneTable
	header := strings.TrimRight(lines[0], " ")
	first := strings.TrimLeft(header, " ")
	word, _, more := strings.Cut(first, " ")
	if !more || !strings.EqualFold(word, "step") {
		return t, false
	}
	at := len(header) - len(first)
	for _, name := range gap.Split(first, -1) {
		i := at + strings.Index(header[at:], name)
		t.names = append(t.names, name)
		t.starts = append(t.starts, len([]rune(header[:i])))
		at = i + len(name)
	}
	for _, row := range lines[1:] {
		if strings.TrimSpace(row) == "" {
			break
		}
		t.rows = append(t.rows, row)
	}
	return t, len(t.names) > 1 && len(t.rows) > 0
}

// cells cuts a row at the beginnings of the columns. A text that runs on into the next
// column stays whole, in the column where it began.
func (t laneTable) cells(row string) []string {
	runes := []rune(row)
	cells := make([]string, len(t.names))
	from, column := 0, 0
	for i := 1; i < len(t.starts); i++ {
		start := t.starts[i]
		if start >= len(runes) {
			break
		}
		before := string(runes[max(from, start-2):start])
		if strings.TrimSpace(before) != "" {
			continue
		}
		cells[column] = string(runes[from:start])
		from, column = start, i
	}
	cells[column] = string(runes[from:])
	return cells
}

var laneColors = []color.Attribute{color.FgCyan, color.FgYellow, color.FgMagenta, color.FgBlue, color.FgGreen}

// lanes writes a table, each lane in its colour. Where it is too wide for the page it
// becomes a list: step, lane, what the lane did.
func (p *page) lanes(t laneTable, indent int) {
	lead := strings.Repeat(" ", indent)
	widest, longest := 0, 0
	for _, row := range t.rows {
		widest = max(widest, width(row))
	}
	for _, name := range t.names[1:] {
		longest = max(longest, width(name))
	}
	if indent+widest > p.width {
		longest = min(longest, p.width/3)
		for _, row := range t.rows {
			p.laneItem(t, t.cells(row), lead, longest)
		}
		return
	}
	header := lead + strings.Repeat(" ", t.starts[0])
	for i, name := range t.names {
		if i+1 < len(t.names) {
			name = pad(name, t.starts[i+1]-t.starts[i])
		}
		header += p.paint(name, append(laneColor(i), color.Bold)...)
	}
	p.line(header)
	for _, row := range t.rows {
		var b strings.Builder
		for i, cell := range t.cells(row) {
			if strings.TrimSpace(cell) == "" {
				b.WriteString(cell)
			} else {
				b.WriteString(p.paint(cell, laneColor(i)...))
			}
		}
		p.line(lead, b.String())
	}
}

// laneItem writes one row as an item of a list.
func (p *page) laneItem(t laneTable, cells []string, lead string, longest int) {
	step := padLeft(strings.TrimSpace(cells[0]), 4)
	for i, cell := range cells[1:] {
		text := strings.Join(strings.Fields(cell), " ")
		if text == "" {
			continue
		}
		name := pad(truncate(t.names[i+1], longest), longest)
		indent := width(lead) + 4 + 2 + longest + 2
		start := fmt.Sprintf("%s%s  %s  ", lead, p.faint(step), p.paint(name, append(laneColor(i+1), color.Bold)...))
		p.hanging(start, indent, wrap(text, p.width-indent), laneColor(i+1)...)
		step = "    "
	}
}

// laneColor is the colour of column i; the step numbers, column 0, are faint.
func laneColor(i int) []color.Attribute {
	if i == 0 {
		return []color.Attribute{color.Faint}
	}
	return []color.Attribute{laneColors[(i-1)%len(laneColors)]}
}
