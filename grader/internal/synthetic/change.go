package synthetic

import (
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand/v2"
	"path"
	"slices"
	"strconv"
	"strings"
)

// renamed is an answer in somebody else's words: every local name is another, comments
// are gone, and it is formatted anew. It does the same.
func renamed(s source, i int) source {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "answer.go", s.text, 0)
	if err != nil {
		return s // an answer that does not parse is copied as it is
	}
	// Local names need no imports: what is unknown is only not renamed.
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Error: func(error) {}, Importer: nothing{}}
	pkg, _ := conf.Check("answer", fset, []*ast.File{file}, info)
	local := map[types.Object]bool{}
	for _, o := range info.Defs {
		if v, ok := o.(*types.Var); ok && !v.IsField() && v.Parent() != nil && v.Parent() != pkg.Scope() && v.Name() != "_" {
			local[o] = true
		}
	}
	for _, uses := range []map[*ast.Ident]types.Object{info.Defs, info.Uses} {
		for id, o := range uses {
			if local[o] {
				id.Name = o.Name() + strconv.Itoa(i)
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "// Written by student %d.\n\n", i)
	if err := format.Node(&b, fset, file); err != nil {
		return s
	}
	return source{"renamed " + s.name, b.String()}
}

// nothing imports nothing.
type nothing struct{}

func (nothing) Import(string) (*types.Package, error) { return nil, errors.New("not needed") }

// half is the reference with some functions still as the skeleton has them.
func half(ch *chapter, random *rand.Rand) source {
	done, open := functions(ch.reference.text), functions(ch.skeleton.text)
	var todo []string
	for name, body := range open {
		if strings.Contains(body.text, "TODO(") && done[name].text != "" {
			todo = append(todo, name)
		}
	}
	slices.Sort(todo)
	if len(todo) == 0 {
		return ch.reference
	}
	// The last functions are open: one writes from the top.
	from := random.IntN(len(todo))
	slices.SortFunc(todo, func(a, b string) int { return open[a].from - open[b].from })
	text := ch.reference.text
	bodies := todo[from:]
	slices.SortFunc(bodies, func(a, b string) int { return done[b].from - done[a].from })
	for _, name := range bodies {
		text = text[:done[name].from] + open[name].text + text[done[name].to:]
	}
	return source{fmt.Sprintf("half %d/%d", from, len(todo)), withImports(text, ch.skeleton.text)}
}

// body is a function's body, braces included, and where it stands.
type body struct {
	from, to int
	text     string
}

func functions(text string) map[string]body {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, 0)
	if err != nil {
		return nil
	}
	out := map[string]body{}
	for _, d := range file.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		name := fn.Name.Name
		if fn.Recv != nil {
			name = receiver(fn.Recv.List[0].Type) + "." + name
		}
		from, to := fset.Position(fn.Body.Pos()).Offset, fset.Position(fn.Body.End()).Offset
		out[name] = body{from, to, text[from:to]}
	}
	return out
}

func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// withImports gives text the imports that it uses, of its own and of another's.
func withImports(text, other string) string {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, 0)
	if err != nil {
		return text
	}
	used := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok {
				used[x.Name] = true
			}
		}
		return true
	})
	imports := file.Imports
	if skeleton, err := parser.ParseFile(token.NewFileSet(), "", other, parser.ImportsOnly); err == nil {
		imports = append(imports, skeleton.Imports...)
	}
	var lines []string
	for _, spec := range imports {
		at, _ := strconv.Unquote(spec.Path.Value)
		name, line := path.Base(at), spec.Path.Value
		if spec.Name != nil {
			name, line = spec.Name.Name, spec.Name.Name+" "+line
		}
		if used[name] && !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	for i := len(file.Decls) - 1; i >= 0; i-- {
		if d, ok := file.Decls[i].(*ast.GenDecl); ok && d.Tok == token.IMPORT {
			text = text[:fset.Position(d.Pos()).Offset] + text[fset.Position(d.End()).Offset:]
		}
	}
	if len(lines) > 0 {
		at := fset.Position(file.Name.End()).Offset
		text = text[:at] + "\n\nimport (\n\t" + strings.Join(lines, "\n\t") + "\n)\n" + text[at:]
	}
	if done, err := format.Source([]byte(text)); err == nil {
		return string(done)
	}
	return text
}

// broken is an answer that does not compile.
func broken(s source, random *rand.Rand) source {
	switch random.IntN(3) {
	case 0: // the last brace is missing
		return source{"broken brace " + s.name, s.text[:strings.LastIndexByte(s.text, '}')]}
	case 1: // a name that nothing declares
		return source{"broken name " + s.name, s.text + "\nvar _ = undeclared\n"}
	}
	return source{"broken import " + s.name, strings.Replace(s.text, "\n\n", "\n\nimport \"os\"\n\n", 1)}
}

func packageOf(text string) string {
	file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.PackageClauseOnly)
	if err != nil {
		return "answer"
	}
	return file.Name.Name
}
