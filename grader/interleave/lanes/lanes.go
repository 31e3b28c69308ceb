// Package lanes draws one schedule of a concurrent program: a column per goroutine, a
// row per step.
package lanes

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Place is a line of source. The zero Place is unknown.
type Place struct {
	File string
	Line int
}

// String returns the place as "file.go:12", "?" for an unknown one.
func (p Place) String() string {
	if p.File == "" {
		return "?"
	}
	return fmt.Sprintf("%s:%d", filepath.Base(p.File), p.Line)
}

// Lane is one goroutine.
type Lane struct {
	Name   string // "main", "G1", …
	Origin Place  // the go statement that started it; zero for the first one
}

// Step is one step of one goroutine.
type Step struct {
	Lane  int    // index of its goroutine
	Op    string // what it did: "Lock", "send", …
	Place Place

	// Of a step that is the first in a call of the code under test: the function, and where
	// the test calls it.
	Call string `json:",omitempty"`
	From Place  `json:",omitzero"`

	Preempted bool `json:",omitempty"` // the goroutine could have gone on, and another one did
}

// Schedule is what is drawn.
type Schedule struct {
	Lanes  []Lane
	Steps  []Step
	Before int      // steps before the first of Steps, which nobody knows any more
	Ends   []string // what became of the goroutines that did not finish, a line each
}

// Source returns the text of a line, without the blanks around it, or "" if it is
// not known.
type Source func(Place) string

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	minCell = 16 // columns a cell needs to be of any use

	stepHead = "step" // heads the column of numbers; who draws a page knows a table by it
	maxRows  = 80     // more rows than this are cut in the middle
)

// Few is how many of a kind are told one by one; more are counted.
const Few = 4

// Render draws s in lines of at most width columns; at least 40 are used. Without a
// source, nil, or where it does not know a line, the operation's name is shown.
func (s *Schedule) Render(width int, source Source) string {
	r := &renderer{s: s, source: source, width: max(width, 40)}
	r.both = slices.ContainsFunc(s.Steps, func(st Step) bool { return !isTest(st.Place) && r.known(st.Place) })
	r.number = max(len(stepHead), len(fmt.Sprint(s.Before+len(s.Steps))))
	rows := r.rows()
	if cells := r.cells(rows); cells != nil {
		r.columns(rows, cells)
	} else {
		r.listed = true
		r.list(r.rows())
	}
	r.rest()
	return strings.TrimRight(r.b.String(), "\n")
}

type renderer struct {
	s      *Schedule
	source Source
	b      strings.Builder
	width  int
	number int  // width of the steps' numbers
	both   bool // there are steps of the code under test, as there are of the test
	listed bool // there are no columns
}

func isTest(p Place) bool { return strings.HasSuffix(p.File, "_test.go") }

func (r *renderer) line(text string) {
	r.b.WriteString(strings.TrimRight(text, " "))
	r.b.WriteByte('\n')
}

// cells returns how wide each goroutine's column is, two blanks before it included: as wide as
// it has to be, or as the widest of all can be so that all fit. It returns nil if that is too
// little to read.
func (r *renderer) cells(rows []row) []int {
	need := make([]int, len(r.s.Lanes))
	for i, l := range r.s.Lanes {
		need[i] = 2 + utf8.RuneCountInString(l.Name)
	}
	widest := minCell
	for _, row := range rows {
		if row.lane != everybody {
			need[row.lane] = max(need[row.lane], 2+utf8.RuneCountInString(row.text))
			widest = max(widest, need[row.lane])
		}
	}
	for ; widest >= minCell; widest-- {
		cells, sum := make([]int, len(need)), r.number
		for i, n := range need {
			cells[i] = min(n, widest)
			sum += cells[i]
		}
		if sum <= r.width {
			return cells
		}
	}
	return nil
}

func (r *renderer) columns(rows []row, cells []int) {
	head := fit(stepHead, r.number)
	before := make([]int, len(cells)) // the columns to the left
	for i, l := range r.s.Lanes {
		head += "  " + fit(l.Name, cells[i]-2)
		if i > 0 {
			before[i] = before[i-1] + cells[i-1]
		}
	}
	r.line(head)
	for _, row := range rows {
		number := fmt.Sprintf("%*s  ", r.number, row.number)
		if row.lane == everybody {
			r.line(number + row.text)
		} else {
			r.line(number + strings.Repeat(" ", before[row.lane]) + fit(row.text, cells[row.lane]-2))
		}
	}
}

// list is used when there are too many goroutines for columns.
func (r *renderer) list(rows []row) {
	name := 0
	for _, l := range r.s.Lanes {
		name = max(name, utf8.RuneCountInString(l.Name))
	}
	for _, row := range rows {
		number := fmt.Sprintf("%*s  ", r.number, row.number)
		if row.lane == everybody {
			r.line(number + row.text)
		} else {
			r.line(number + fit(r.s.Lanes[row.lane].Name, name) + "  " + fit(row.text, r.width-r.number-name-4))
		}
	}
}

// row is a line of the drawing.
type row struct {
	number string
	lane   int
	text   string
}

const everybody = -1 // the lane of a row that says how many steps are left out

// rows are the steps: of many alike the first, and of many rows the first and the last. A
// step that begins a call has a row for the call before it, and one that was the last before
// a pre-emption a row for that after it.
func (r *renderer) rows() (rows []row) {
	skip := func(format string, n int) { rows = append(rows, row{"…", everybody, fmt.Sprintf(format, n)}) }
	type part struct{ at, n int } // n steps; of more than one it says only how many
	var parts []part
	for at := 0; at < len(r.s.Steps); {
		parts = append(parts, part{at, 1})
		at++
		if n := r.alike(at - 1); n > Few || n > 1 && r.tests(r.s.Steps[at-1].Place) {
			parts = append(parts, part{at, n - 1})
			at += n - 1
		}
	}
	if r.s.Before > 0 {
		skip("%d steps", r.s.Before)
	}
	for i := 0; i < len(parts); i++ {
		if len(parts) > maxRows && i == maxRows/2 {
			i = len(parts) - maxRows/2
			skip("%d more steps", parts[i].at-parts[maxRows/2].at)
		}
		at, n := parts[i].at, parts[i].n
		if n > 1 {
			skip("%d more like it", n)
			continue
		}
		st := r.s.Steps[at]
		if st.Call != "" {
			rows = append(rows, row{"", st.Lane, "→ " + r.call(st)})
		}
		rows = append(rows, row{fmt.Sprint(r.s.Before + at + 1), st.Lane, r.text(st)})
		if st.Preempted {
			rows = append(rows, row{"", st.Lane, "(pre-empted)"})
		}
	}
	return rows
}

// call is the call that a step begins, as the test has written it where that is short.
func (r *renderer) call(st Step) string {
	if r.source != nil {
		simple := regexp.MustCompile(`\b` + regexp.QuoteMeta(st.Call) + `\([^()]*\)`)
		if text := simple.FindString(r.source(st.From)); text != "" {
			return text
		}
	}
	return st.Call
}

// alike counts the steps from that one on that are the same, of one goroutine or of a crowd.
func (r *renderer) alike(at int) (n int) {
	first := r.s.Steps[at]
	for _, st := range r.s.Steps[at:] {
		elsewhere := st.Lane != first.Lane && !r.listed // in another column
		again := st.Lane == first.Lane && st.Call != "" && n > 0
		if st.Op != first.Op || st.Place != first.Place || elsewhere || again {
			break
		}
		n++
		if st.Preempted {
			break
		}
	}
	return n
}

// tests reports whether p is not in the code under test, where there is any.
func (r *renderer) tests(p Place) bool { return !r.known(p) || r.both && isTest(p) }

// known reports whether the reader has the file of p, as far as anybody knows.
func (r *renderer) known(p Place) bool { return r.source == nil || r.source(p) != "" }

// text is what a cell shows: the line's number and its source. A test's are told from those of
// the code under test.
func (r *renderer) text(st Step) string {
	text := ""
	if r.source != nil && st.Place.File != "" {
		text = r.source(st.Place)
	}
	switch {
	case text == "":
		text = st.Op
	case !strings.ContainsAny(text, letters): // the end of a function: its deferred calls
		text = "defer " + st.Op
	}
	switch {
	case !r.known(st.Place):
		return "test: " + text
	case r.tests(st.Place):
		return fmt.Sprintf("test:%d %s", st.Place.Line, text)
	}
	return fmt.Sprintf("%d %s", st.Place.Line, text)
}

// rest tells where the goroutines come from and what became of them.
func (r *renderer) rest() {
	files := map[string]bool{}
	for _, st := range r.s.Steps {
		if st.Place.File != "" {
			files[filepath.Base(st.Place.File)] = true
		}
	}
	if len(files) > 1 || len(r.s.Lanes) > 1 {
		r.line("")
	}
	r.origins()
	if len(r.s.Ends) > 0 {
		r.line("")
	}
	for _, e := range r.s.Ends {
		r.wrap(e)
	}
}

// origins tells where the goroutines were started: a line each, or one for all of a crowd.
func (r *renderer) origins() {
	for at := 0; at < len(r.s.Lanes); {
		first := r.s.Lanes[at]
		n := 1
		for at+n < len(r.s.Lanes) && r.s.Lanes[at+n].Origin == first.Origin {
			n++
		}
		name := first.Name
		if n > Few || n > 1 && r.tests(first.Origin) {
			name += " to " + r.s.Lanes[at+n-1].Name
		} else {
			n = 1
		}
		switch {
		case first.Origin.File == "":
		case !r.known(first.Origin):
			r.wrap(name + ": started by the test")
		default:
			r.wrap(name + ": started at " + first.Origin.String())
		}
		at += n
	}
}

// wrap writes text in lines that fit, continued ones indented.
func (r *renderer) wrap(text string) { r.line(Wrap(text, r.width)) }

// Wrap breaks text at blanks into lines of at most width columns; those after the
// first are indented by four.
func Wrap(text string, width int) string {
	var b strings.Builder
	col := 0
	for i, w := range strings.Fields(text) {
		n := utf8.RuneCountInString(w)
		switch {
		case i == 0:
		case col+1+n > width:
			b.WriteString("\n    ")
			col = 4
		default:
			b.WriteByte(' ')
			col++
		}
		b.WriteString(w)
		col += n
	}
	return b.String()
}

// fit cuts or pads text to n columns.
func fit(text string, n int) string {
	text = strings.ReplaceAll(text, "\t", " ")
	k := utf8.RuneCountInString(text)
	if k <= n {
		return text + strings.Repeat(" ", n-k)
	}
	runes := []rune(text)
	return string(runes[:n-1]) + "…"
}
