package notes

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	regionStart = regexp.MustCompile(`^\s*(?://|#) region (\S+)$`)
	regionEnd   = regexp.MustCompile(`^\s*(?://|#) endregion$`)
)

// quote returns the lines of a file below dir, or of the part of it after a "#".
func quote(dir, source string) ([]string, error) {
	name, part, cut := strings.Cut(source, "#")
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	if !cut {
		return withoutMarks(lines), nil
	}
	if found := region(lines, part); found != nil {
		return dedent(withoutMarks(found)), nil
	}
	if strings.HasSuffix(name, ".go") {
		return declaration(data, lines, source, part)
	}
	return nil, fmt.Errorf("%s has no region %s", name, part)
}

// region returns the lines between the marks of a region.
func region(lines []string, name string) []string {
	for i, line := range lines {
		if m := regionStart.FindStringSubmatch(line); m == nil || m[1] != name {
			continue
		}
		for j := i + 1; j < len(lines); j++ {
			if regionEnd.MatchString(lines[j]) {
				return lines[i+1 : j]
			}
		}
	}
	return nil
}

func withoutMarks(lines []string) []string {
	var out []string
	for _, line := range lines {
		if !regionStart.MatchString(line) && !regionEnd.MatchString(line) {
			out = append(out, line)
		}
	}
	return out
}

// dedent removes the white space that all lines begin with, and blank lines around them.
func dedent(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	indent, known := "", false
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		white := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if !known || len(white) < len(indent) {
			indent, known = white, true
		}
	}
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = strings.TrimPrefix(line, indent)
	}
	return out
}

// declaration returns the lines of a top-level declaration, with its comment. A method
// is named Type.Method.
func declaration(data []byte, lines []string, source, name string) ([]string, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, source, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, decl := range file.Decls {
		if doc, ok := declares(decl, name); ok {
			start := decl.Pos()
			if doc != nil {
				start = doc.Pos()
			}
			return lines[fset.Position(start).Line-1 : fset.Position(decl.End()).Line], nil
		}
	}
	return nil, fmt.Errorf("%s: there is neither a region nor a declaration %s", source, name)
}

func declares(decl ast.Decl, name string) (doc *ast.CommentGroup, ok bool) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		full := d.Name.Name
		if d.Recv != nil {
			full = receiver(d.Recv.List[0].Type) + "." + full
		}
		return d.Doc, full == name
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				ok = ok || s.Name.Name == name
			case *ast.ValueSpec:
				for _, n := range s.Names {
					ok = ok || n.Name == name
				}
			}
		}
		return d.Doc, ok
	}
	return nil, false
}

func receiver(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiver(t.X)
	case *ast.IndexExpr:
		return receiver(t.X)
	case *ast.IndexListExpr:
		return receiver(t.X)
	case *ast.Ident:
		return t.Name
	}
	return ""
}
