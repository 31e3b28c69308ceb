package skeleton

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
)

var todoMark = regexp.MustCompile(`TODO\((\d+\.\d+)\)`)

// Todos returns the numbers of the TODOs in a skeleton, in source order, once each.
func Todos(files map[string][]byte) []string {
	seen := map[string]bool{}
	var out []string
	for _, name := range sorted(files) {
		for _, m := range todoMark.FindAllSubmatch(files[name], -1) {
			if n := string(m[1]); !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	return out
}

// Open returns the TODOs that nobody has begun: every declaration of the skeleton that
// carries the number stands in work as it was, to the byte.
func Open(skeleton, work map[string][]byte) map[string]bool {
	open := map[string]bool{}
	for name, data := range skeleton {
		for _, text := range declTexts(data) {
			for _, m := range todoMark.FindAllSubmatch(text, -1) {
				n := string(m[1])
				untouched := bytes.Contains(work[name], text)
				if before, seen := open[n]; seen {
					untouched = untouched && before
				}
				open[n] = untouched
			}
		}
	}
	return open
}

// declTexts returns the source of each top-level declaration, doc comment included.
func declTexts(data []byte) [][]byte {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	offset := func(p token.Pos) int { return fset.Position(p).Offset }
	var texts [][]byte
	for _, decl := range file.Decls {
		start := decl.Pos()
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Doc != nil {
				start = d.Doc.Pos()
			}
		case *ast.GenDecl:
			if d.Doc != nil {
				start = d.Doc.Pos()
			}
		}
		texts = append(texts, data[offset(start):offset(decl.End())])
	}
	return texts
}
