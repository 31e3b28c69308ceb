package explore

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wrapper makes the bodies of test functions the bodies of explorations, in text that
// has been rewritten. Lines stay as they are.
type wrapper struct {
	schedules int
	tests     []string // found

	text  []byte
	file  *token.File
	edits []edit
}

type edit struct {
	from, to int // offsets
	text     string
}

func (w *wrapper) wrap(name string, text []byte) ([]byte, error) {
	if !strings.HasSuffix(name, "_test.go") {
		return text, nil
	}
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	w.text, w.file = text, fset.File(syntax.FileStart)
	for _, d := range syntax.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && isTest(f) {
			w.tests = append(w.tests, f.Name.Name)
			w.function(f.Type, f.Body)
		}
	}
	if len(w.edits) == 0 {
		return text, nil
	}
	w.replace(syntax.Name.End(), syntax.Name.End(), fmt.Sprintf("; import lockstep_interleave %q", interleavePath))
	return w.apply(), nil
}

// isTest tells whether package testing runs f as a test.
func isTest(f *ast.FuncDecl) bool {
	rest, ok := strings.CutPrefix(f.Name.Name, "Test")
	first, _ := utf8.DecodeRuneInString(rest)
	if !ok || f.Recv != nil || f.Body == nil || unicode.IsLower(first) || f.Type.TypeParams != nil {
		return false
	}
	return f.Type.Params.NumFields() == 1 && f.Type.Results == nil && isT(f.Type.Params.List[0].Type)
}

// isT tells whether a type is *testing.T, however testing was imported.
func isT(e ast.Expr) bool {
	star, ok := e.(*ast.StarExpr)
	if !ok {
		return false
	}
	switch x := star.X.(type) {
	case *ast.SelectorExpr:
		return x.Sel.Name == "T"
	case *ast.Ident:
		return x.Name == "T"
	}
	return false
}

// function wraps the body of a test, or those of its subtests.
func (w *wrapper) function(t *ast.FuncType, body *ast.BlockStmt) {
	field := t.Params.List[0]
	name := ""
	if len(field.Names) == 1 {
		name = field.Names[0].Name
	}
	subtests, explores := w.calls(body, name)
	switch {
	case explores:
		return
	case len(subtests) > 0:
		for _, c := range subtests {
			if lit, ok := c.Args[1].(*ast.FuncLit); ok && len(lit.Type.Params.List) == 1 {
				w.function(lit.Type, lit.Body)
			}
		}
		return
	}
	params := string(w.text[w.file.Offset(t.Params.Opening):w.file.Offset(t.Params.End())])
	typeText := string(w.text[w.file.Offset(field.Type.Pos()):w.file.Offset(field.Type.End())])
	option := ""
	if w.schedules > 0 {
		option = fmt.Sprintf(", lockstep_interleave.Schedules(%d)", w.schedules)
	}
	w.replace(t.Params.Opening, t.Params.End(), "(lockstep_t "+typeText+")")
	w.replace(body.Lbrace+1, body.Lbrace+1, " lockstep_interleave.Explore(lockstep_t, func"+params+" {")
	w.replace(body.Rbrace, body.Rbrace, "}"+option+") ")
	w.parallel(body, name)
}

// calls returns the calls of t.Run outside other subtests, and whether the body
// explores by itself.
func (w *wrapper) calls(body *ast.BlockStmt, t string) (subtests []*ast.CallExpr, explores bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		s, ok := c.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		x, ok := s.X.(*ast.Ident)
		if !ok {
			return true
		}
		if x.Name == t && s.Sel.Name == "Run" && len(c.Args) == 2 {
			subtests = append(subtests, c)
			return false
		}
		explores = explores || x.Name == "interleave" && s.Sel.Name == "Explore"
		return true
	})
	return subtests, explores
}

// parallel takes t.Parallel() out of a body: an exploration has its process to itself.
func (w *wrapper) parallel(body *ast.BlockStmt, t string) {
	for _, s := range body.List {
		e, ok := s.(*ast.ExprStmt)
		if !ok {
			continue
		}
		if c, ok := e.X.(*ast.CallExpr); ok {
			if f, ok := c.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Parallel" {
				if x, ok := f.X.(*ast.Ident); ok && x.Name == t {
					w.replace(e.Pos(), e.End(), "_ = "+t)
				}
			}
		}
	}
}

func (w *wrapper) replace(from, to token.Pos, text string) {
	w.edits = append(w.edits, edit{w.file.Offset(from), w.file.Offset(to), text})
}

func (w *wrapper) apply() []byte {
	slices.SortStableFunc(w.edits, func(a, b edit) int { return a.from - b.from })
	var out []byte
	at := 0
	for _, e := range w.edits {
		out = append(append(out, w.text[at:e.from]...), e.text...)
		at = e.to
	}
	return append(out, w.text[at:]...)
}
