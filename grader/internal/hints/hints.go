// Package hints reads a chapter's hints.md: for each TODO three levels, from a nudge to
// the shape of the answer.
//
//	## 5.1 Anything
//	### Nudge
//	...
//	### Tool
//	...
//	### Shape
//	...
package hints

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Levels are the headings of the levels, in order.
var Levels = []string{"Nudge", "Tool", "Shape"}

// Hints is the text of each level by TODO number.
type Hints map[string][]string

var todoHeading = regexp.MustCompile(`^## (\d+\.\d+)\b`)

// Parse reads a hints.md. Every TODO in it must have every level, in order. Sections
// that are about no TODO are left out.
func Parse(data []byte) (Hints, error) {
	h := Hints{}
	todo, level := "", -1
	fenced := false
	for line := range bytes.Lines(data) {
		text := strings.TrimRight(string(line), "\r\n")
		if strings.HasPrefix(strings.TrimSpace(text), "```") {
			fenced = !fenced
		}
		switch {
		case !fenced && strings.HasPrefix(text, "## "):
			todo, level = "", -1
			if m := todoHeading.FindStringSubmatch(text); m != nil {
				todo = m[1]
				if _, twice := h[todo]; twice {
					return nil, fmt.Errorf("hints for %s stand there twice", todo)
				}
				h[todo] = nil
			}
		case todo == "":
		case !fenced && strings.HasPrefix(text, "### "):
			level++
			if name := strings.TrimSpace(text[4:]); level >= len(Levels) || name != Levels[level] {
				return nil, fmt.Errorf("hints for %s: %q is not level %d; the levels are %s", todo, name, level+1, strings.Join(Levels, ", "))
			}
			h[todo] = append(h[todo], "")
		case level >= 0:
			h[todo][level] += text + "\n"
		}
	}
	for todo, levels := range h {
		if len(levels) != len(Levels) || slices.ContainsFunc(levels, blank) {
			return nil, fmt.Errorf("hints for %s: each of %s needs a text", todo, strings.Join(Levels, ", "))
		}
		for i := range levels {
			levels[i] = strings.TrimSpace(levels[i])
		}
	}
	return h, nil
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
