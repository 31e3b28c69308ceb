package report

import (
	"encoding/json"
	"io"
	"regexp"
	"strconv"
	"strings"

	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/verdict"
)

const storyLines = 120 // lines of one check's story in a report for another tool

// story is what another tool is told of a check: its message, then the evidence.
func story(k *verdict.Check) sanitize.Text {
	text := messageOf(k)
	if detail := sanitize.Block(k.Detail, storyLines).String(); strings.HasPrefix(detail, text) {
		text = detail
	} else if detail != "" {
		text += "\n\n" + detail
	}
	if k.Status == verdict.Trouble {
		text = troubleNote + "\n" + text
	}
	return sanitize.Block(text, storyLines)
}

var studentLine = regexp.MustCompile(`(?:^|[^\w./-])([a-z][a-z0-9_]*\.go):([1-9][0-9]{0,5})\b`)

// placeOf is the first line of the student's that a check names, as a path in the
// checkout; "" when it names none. It is for showing a message beside its line.
func placeOf(c *verdict.Chapter, k *verdict.Check) (file string, line int) {
	for _, text := range []string{messageOf(k), block(k.Detail).String()} {
		for _, m := range studentLine.FindAllStringSubmatch(text, -1) {
			if strings.HasSuffix(m[1], "_test.go") {
				continue
			}
			n, _ := strconv.Atoi(m[2]) // digits, and not many
			return "chapters/" + id(c) + "/" + m[1], n
		}
	}
	return "", 0
}

// allowance bounds the size of a report whose reader refuses longer ones. Stories
// share it, first come first served; the rest is left out, and says so.
type allowance struct{ left int } // bytes of JSON

func (a *allowance) take(t sanitize.Text) sanitize.Text {
	encoded, err := json.Marshal(t.String()) // escapes included: a "<" takes six bytes
	if err == nil && len(encoded) <= a.left {
		a.left -= len(encoded)
		return t
	}
	return sanitize.Line("(left out: this report has reached its size limit)", sanitize.MaxLabel)
}

func label(s string) sanitize.Text { return sanitize.Line(s, sanitize.MaxLabel) }

// caption names a check for a reader who sees no chapter around it.
func caption(k *verdict.Check) sanitize.Text {
	switch {
	case k.Title == "":
		return label(k.Name)
	case k.Name == "":
		return label(k.Title)
	}
	return label(k.Name + ": " + k.Title)
}

// passed reports whether everything that could be graded passes, and whether
// anything could.
func passed(r *verdict.Result) (all, any bool) {
	all = true
	for _, c := range r.Chapters {
		for _, k := range c.Checks {
			switch k.Status {
			case verdict.Trouble:
			case verdict.Pass:
				any = true
			default:
				any, all = true, false
			}
		}
	}
	return all && any, any
}

// ungradedOf sums the points that could not be graded.
func ungradedOf(r *verdict.Result) int {
	n := 0
	for i := range r.Chapters {
		n += ungraded(&r.Chapters[i])
	}
	return n
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
