package report

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/fatih/color"
)

const stepWidth = 5 // columns of a step's number

// laneTable is a schedule as it was printed: a column per goroutine, a row per step. It ends at an
// empty line, or at one that does not begin with a step.
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
// the word "step", and rows.
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
		if strings.TrimSpace(row) == "" || width(strings.TrimSpace(t.cells(row)[0])) > stepWidth {
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
	last := len(t.names) - 1
	widest, longest := t.starts[last]+width(t.names[last]), 0
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
	step := padLeft(strings.TrimSpace(cells[0]), stepWidth)
	for i, cell := range cells[1:] {
		text := strings.Join(strings.Fields(cell), " ")
		if text == "" {
			continue
		}
		name := pad(truncate(t.names[i+1], longest), longest)
		indent := width(lead) + stepWidth + 2 + longest + 2
		start := fmt.Sprintf("%s%s  %s  ", lead, p.faint(step), p.paint(name, append(laneColor(i+1), color.Bold)...))
		p.hanging(start, indent, wrap(text, p.width-indent), laneColor(i+1)...)
		step = strings.Repeat(" ", stepWidth)
	}
}

// laneColor is the colour of column i; the step numbers, column 0, are faint.
func laneColor(i int) []color.Attribute {
	if i == 0 {
		return []color.Attribute{color.Faint}
	}
	return []color.Attribute{laneColors[(i-1)%len(laneColors)]}
}
