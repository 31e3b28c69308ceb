package notes

import (
	"regexp"
	"strings"
)

type kind string

const (
	kindNone   kind = "" // a code block without a directive
	kindFile   kind = "file"
	kindOutput kind = "output"
	kindTable  kind = "table"
)

// block is a code block with the directive before it, either of which may be missing, or
// a table with its directive.
type block struct {
	kind        kind
	source      string // what follows the directive's colon
	language    string // after the opening fence
	line        int    // of the directive, or of the fence if there is none; from 1
	first, last int    // the content is lines[first:last]
	fenced      bool   // there is a code block
	text        []string
}

var (
	directive = regexp.MustCompile(`^<!-- (file|output|table): (.+) -->$`)
	fence     = regexp.MustCompile("^```(\\w*)$")
)

// parse finds the blocks in the lines of a Markdown file.
func parse(lines []string) []block {
	var blocks []block
	for i := 0; i < len(lines); i++ {
		b := block{line: i + 1}
		if m := directive.FindStringSubmatch(lines[i]); m != nil {
			b.kind, b.source = kind(m[1]), m[2]
			i++
		}
		b.first, b.last = i, i
		switch {
		case i < len(lines) && b.kind != kindTable && fence.MatchString(lines[i]):
			b.fenced, b.language = true, fence.FindStringSubmatch(lines[i])[1]
			b.first = i + 1
			for b.last = b.first; b.last < len(lines) && lines[b.last] != "```"; b.last++ {
			}
		case b.kind == kindTable:
			for b.last < len(lines) && strings.HasPrefix(lines[b.last], "|") {
				b.last++
			}
		case b.kind == kindNone:
			continue
		}
		b.text = lines[b.first:b.last]
		blocks = append(blocks, b)
		i = b.last
		if !b.fenced {
			i-- // the line after is nobody's yet
		}
	}
	return blocks
}
