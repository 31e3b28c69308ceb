// Package skeleton compares a chapter's skeleton with a student's version of it: what
// changed that the tests rely on, and which gaps are still open.
package skeleton

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Change is one exported declaration that is not as the skeleton has it.
type Change struct {
	File    string // where it stands now, or stood in the skeleton
	Line    int    // in the student's file; 0 when the declaration is gone
	Message string // what changed, and what to do
}

// Package returns the change of the package clause, if there is one. Tests that import
// the package under a name of their own would compile with any.
func Package(skeleton, work map[string][]byte) []Change {
	want, _ := declarations(skeleton)
	got, _ := declarations(work)
	if got.text == "" || got.text == want.text {
		return nil
	}
	return []Change{{File: got.file, Line: got.line, Message: fmt.Sprintf(
		"the file begins with %q; write %q, the package that the tests import", got.text, want.text)}}
}

type declaration struct {
	file, text string
	line       int
}

// Changes returns what work exports otherwise than skeleton does, so that a changed
// signature is told in the student's terms and not as a compile error in a test. Files
// that do not parse are left out: the compiler says more about them.
func Changes(skeleton, work map[string][]byte) []Change {
	_, want := declarations(skeleton)
	_, got := declarations(work)
	changes := Package(skeleton, work)
	for _, name := range sorted(want) {
		w := want[name]
		switch g, ok := got[name]; {
		case !ok:
			changes = append(changes, Change{File: w.file, Message: fmt.Sprintf(
				"%s is gone; the tests use it: %s", name, w.text)})
		case g.text != w.text:
			changes = append(changes, Change{File: g.file, Line: g.line, Message: fmt.Sprintf(
				"%s has changed to %q; the tests use %q", name, g.text, w.text)})
		}
	}
	return changes
}

// declarations returns the package clause and the exported functions and methods of
// exported types, by name ("Account.Deposit").
func declarations(files map[string][]byte) (clause declaration, decls map[string]declaration) {
	decls = map[string]declaration{}
	for _, name := range sorted(files) {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, files[name], parser.SkipObjectResolution)
		if file == nil || file.Name == nil || err != nil && len(file.Decls) == 0 && file.Name.Name == "_" {
			continue
		}
		line := func(n ast.Node) int { return fset.Position(n.Pos()).Line }
		clause = declaration{file: name, text: "package " + file.Name.Name, line: line(file.Name)}
		if err != nil {
			continue
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() {
				continue
			}
			key := fn.Name.Name
			if fn.Recv != nil {
				receiver := baseType(fn.Recv.List[0].Type)
				if !ast.IsExported(receiver) {
					continue
				}
				key = receiver + "." + key
			}
			decls[key] = declaration{file: name, text: header(fset, fn), line: line(fn)}
		}
	}
	return clause, decls
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func baseType(expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.StarExpr:
		return baseType(e.X)
	case *ast.IndexExpr:
		return baseType(e.X)
	case *ast.IndexListExpr:
		return baseType(e.X)
	case *ast.ParenExpr:
		return baseType(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

var spaces = regexp.MustCompile(`\s+`)

// header prints a function's declaration with types alone: names of receivers,
// parameters and results are the student's to choose.
func header(fset *token.FileSet, fn *ast.FuncDecl) string {
	var b strings.Builder
	b.WriteString("func ")
	if fn.Recv != nil {
		fmt.Fprintf(&b, "(%s) ", render(fset, fn.Recv.List[0].Type))
	}
	b.WriteString(fn.Name.Name)
	if fn.Type.TypeParams != nil {
		b.WriteString("[" + types(fset, fn.Type.TypeParams) + "]")
	}
	b.WriteString("(" + types(fset, fn.Type.Params) + ")")
	switch results := types(fset, fn.Type.Results); {
	case results == "":
	case strings.Contains(results, ", "):
		b.WriteString(" (" + results + ")")
	default:
		b.WriteString(" " + results)
	}
	return b.String()
}

func types(fset *token.FileSet, fields *ast.FieldList) string {
	if fields == nil {
		return ""
	}
	var out []string
	for _, f := range fields.List {
		for range max(1, len(f.Names)) {
			out = append(out, render(fset, f.Type))
		}
	}
	return strings.Join(out, ", ")
}

func render(fset *token.FileSet, expr ast.Expr) string {
	var b bytes.Buffer
	printer.Fprint(&b, fset, expr)
	return spaces.ReplaceAllString(b.String(), " ")
}
