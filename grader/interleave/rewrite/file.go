package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Names that rewritten text uses. All begin with prefix, which no source may use.
const (
	prefix = "lockstep_"
	rt     = prefix + "rt."
)

// file is one file being rewritten. Its methods named after a kind of node return the
// node's new text.
type file struct {
	*checked
	name     string
	source   []byte
	tokens   *token.File
	refusals []Refusal
	imports  map[string]bool         // extra imports that the text needs, see extraImport
	renamed  map[types.Object]string // labels of rewritten select statements
	jumps    jumps
}

func (f *file) refuse(at ast.Node, format string, args ...any) {
	r := Refusal{f.name, f.lineOf(at.Pos()), fmt.Sprintf(format, args...)}
	if !slices.Contains(f.refusals, r) {
		f.refusals = append(f.refusals, r)
	}
}

// rewritten returns the text of the whole file.
func (f *file) rewritten(syntax *ast.File) string {
	f.checkNames(syntax)
	f.checkConversions(syntax)
	f.jumps = f.findJumps(syntax)
	head := f.copy(f.tokens.Pos(0), syntax.Name.End(), nil)
	var decls []ast.Node
	for _, d := range syntax.Decls {
		decls = append(decls, d)
	}
	rest := f.copy(syntax.Name.End(), f.tokens.Pos(len(f.source)), decls)
	tail := f.forwarders(syntax) + f.keepAlive(syntax)
	if f.restarts {
		tail += f.restarted(syntax)
	}
	slices.SortStableFunc(f.refusals, func(a, b Refusal) int { return a.Line - b.Line })
	return head + f.importRuntime() + rest + tail
}

// checkNames refuses sources that use the names of the rewritten text, or give another
// meaning to predeclared ones in it; and functions by name that no text can replace.
func (f *file) checkNames(syntax *ast.File) {
	ast.Inspect(syntax, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && strings.HasPrefix(id.Name, prefix) {
			f.refuse(id, "names that begin with %s are reserved", prefix)
		}
		if id, ok := n.(*ast.Ident); ok && (id.Name == "Pull" || id.Name == "Pull2") {
			if o := f.info.Uses[id]; o != nil && o.Pkg() != nil && o.Pkg().Path() == "iter" {
				f.refuse(id, "iter.%s: it runs the sequence where no schedule reaches", id.Name)
			}
		}
		if id, ok := n.(*ast.Ident); ok && (id.Name == "panic" || id.Name == "true" || id.Name == "false") {
			if o := f.info.Defs[id]; o != nil && o.Parent() != nil { // neither a field nor a method
				f.refuse(id, "%s declared anew", id.Name)
			}
		}
		return true
	})
}

// text returns the new text of a node, which has as many lines as the old.
func (f *file) text(n ast.Node) string {
	switch n := n.(type) {
	case *ast.FuncDecl: // the nodes of its head overlap, and hold nothing to rewrite
		if n.Body == nil {
			return f.original(n)
		}
		if f.restarts && isInit(n) {
			return f.initFunc(n)
		}
		return f.copy(n.Pos(), n.End(), []ast.Node{n.Body})
	case *ast.ImportSpec:
		return f.importSpec(n)
	case *ast.CallExpr:
		return f.call(n)
	case *ast.SelectorExpr:
		return f.selector(n)
	case *ast.Ident:
		return f.ident(n)
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return f.receive(n, "Recv")
		}
	case *ast.AssignStmt:
		if len(n.Lhs) == 2 && len(n.Rhs) == 1 {
			if u, ok := receiving(n.Rhs[0]); ok {
				return f.receiveBoth(n, exprs(n.Lhs), n.Lhs[1], n.Rhs[0], u)
			}
		}
	case *ast.ValueSpec:
		if len(n.Names) == 2 && len(n.Values) == 1 {
			if u, ok := receiving(n.Values[0]); ok {
				return f.receiveBoth(n, nil, n.Names[1], n.Values[0], u)
			}
		}
	case *ast.SendStmt:
		return f.send(n)
	case *ast.RangeStmt:
		return f.rangeStmt(n)
	case *ast.SelectStmt:
		return f.selectStmt(n, "")
	case *ast.LabeledStmt:
		if s, ok := n.Stmt.(*ast.SelectStmt); ok {
			return f.labeledSelect(n, s)
		}
	case *ast.BranchStmt:
		if n.Label != nil {
			if to, ok := f.renamed[f.info.Uses[n.Label]]; ok && n.Tok == token.BREAK {
				return "break " + to
			}
			return f.original(n)
		}
	case *ast.GoStmt:
		return f.goStmt(n)
	}
	return f.copy(n.Pos(), n.End(), children(n))
}

// copy returns the source between two positions with the nodes in it rewritten.
func (f *file) copy(from, to token.Pos, nodes []ast.Node) string {
	var b strings.Builder
	at := from
	for _, n := range nodes {
		if n.Pos() < at { // a composite whose parts overlap: its first part stands for all
			continue
		}
		b.Write(f.between(at, n.Pos()))
		b.WriteString(f.text(n))
		at = n.End()
	}
	b.Write(f.between(at, to))
	return b.String()
}

func (f *file) between(from, to token.Pos) []byte {
	return f.source[f.tokens.Offset(from):f.tokens.Offset(to)]
}

func (f *file) original(n ast.Node) string { return string(f.between(n.Pos(), n.End())) }

// lineOf returns the line of pos in the text itself, whatever directives say.
func (f *file) lineOf(pos token.Pos) int { return f.tokens.PositionFor(pos, false).Line }

// newlines returns the line ends between two positions, so that text which leaves out
// what is there does not move the lines below it.
func (f *file) newlines(from, to token.Pos) string {
	return strings.Repeat("\n", f.lineOf(to)-f.lineOf(from))
}

// directive tells the compiler that the text after it stands at pos in the source.
func (f *file) directive(pos token.Pos) string {
	p := f.tokens.PositionFor(pos, false)
	return fmt.Sprintf("/*line :%d:%d*/", p.Line, p.Column)
}

// children returns the nodes directly below n in the order of the source.
func children(n ast.Node) []ast.Node {
	var list []ast.Node
	root := true
	ast.Inspect(n, func(m ast.Node) bool {
		if root {
			root = false
			return true
		}
		if _, comment := m.(*ast.CommentGroup); m != nil && !comment {
			list = append(list, m)
		}
		return false
	})
	slices.SortStableFunc(list, func(a, b ast.Node) int { return int(a.Pos() - b.Pos()) })
	return list
}

// jumps tells which labels are targets of goto, and which of break.
type jumps struct{ toGoto, toBreak map[types.Object]bool }

func (f *file) findJumps(syntax *ast.File) jumps {
	j := jumps{map[types.Object]bool{}, map[types.Object]bool{}}
	ast.Inspect(syntax, func(n ast.Node) bool {
		if b, ok := n.(*ast.BranchStmt); ok && b.Label != nil {
			switch b.Tok {
			case token.GOTO:
				j.toGoto[f.info.Uses[b.Label]] = true
			case token.BREAK:
				j.toBreak[f.info.Uses[b.Label]] = true
			}
		}
		return true
	})
	return j
}
