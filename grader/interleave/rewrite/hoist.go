package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// hoister writes operands into variables, ahead of the statement that uses them.
type hoister struct {
	*file
	b    strings.Builder
	line int // the line of the source that the text has reached
	n    int // variables so far
}

// write adds text.
func (h *hoister) write(text string) {
	h.b.WriteString(text)
	h.line += strings.Count(text, "\n")
}

// goTo ends lines until the one of pos is reached.
func (h *hoister) goTo(pos token.Pos) {
	if n := h.lineOf(pos) - h.line; n > 0 {
		h.write(strings.Repeat("\n", n))
	}
}

// variables assigns the value to n new variables and returns their names.
func (h *hoister) variables(value string, n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("%s%d", prefix, h.n)
		h.n++
	}
	h.write(strings.Join(names, ", ") + " := " + value + "; ")
	return names
}

// goStmt rewrites go f(x). Function and arguments are evaluated first, as the language
// has it, each on its own lines:
//
//	{ f := f; a := x; rt.Go(func() { f(a) }) }
func (f *file) goStmt(g *ast.GoStmt) string {
	c := g.Call
	if lit, ok := c.Fun.(*ast.FuncLit); ok && len(c.Args) == 0 && lit.Type.Results == nil {
		return rt + "Go(" + f.newlines(g.Pos(), lit.Pos()) + f.text(lit) + f.trailing(lit.End(), c.End()) + ")"
	}
	h := &hoister{file: f, line: f.lineOf(g.Pos())}
	h.write("{ ")
	function, args := h.call(c)
	call := rt + "Go(func() { " + function + "(" + strings.Join(args, ", ") + ") })"
	if f.lineOf(g.Pos()) == f.lineOf(c.End()) {
		h.write(call + " }")
	} else { // what starts the goroutine is the line with the keyword
		h.goTo(c.End())
		h.write(f.directive(g.Pos()) + call + f.directive(c.End()) + " }")
	}
	return h.b.String()
}

// call hoists the parts of a call and returns its function and arguments.
func (h *hoister) call(c *ast.CallExpr) (function string, args []string) {
	h.goTo(c.Pos())
	op, ok := h.operation(c)
	if ok {
		function = op.function
		if op.bound {
			function = h.variables(function, 1)[0]
		}
		for _, l := range op.lead {
			text := l.text
			if !l.constant {
				text = h.variables(text, 1)[0]
			}
			args = append(args, text)
		}
	} else {
		function = h.function(c.Fun)
	}
	for i, a := range c.Args {
		h.goTo(a.Pos())
		texts := h.argument(a)
		if op.convert {
			texts[0] = anyOf(texts[0])
		}
		if c.Ellipsis.IsValid() && i == len(c.Args)-1 {
			texts[0] += "..."
		}
		args = append(args, texts...)
	}
	return function, args
}

// function hoists the function of a call, unless it is one that cannot change.
func (h *hoister) function(e ast.Expr) string {
	if h.info.Types[e].IsBuiltin() || h.declared(e) {
		return h.text(e)
	}
	return h.variables(h.text(e), 1)[0]
}

// declared tells whether e names a function of a package, instantiated or not.
func (f *file) declared(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		_, ok := f.info.Uses[e].(*types.Func)
		return ok
	case *ast.SelectorExpr:
		_, ok := f.info.Uses[e.Sel].(*types.Func)
		return ok && f.info.Selections[e] == nil
	case *ast.IndexExpr:
		return f.declared(e.X)
	case *ast.IndexListExpr:
		return f.declared(e.X)
	}
	return false
}

// argument hoists one argument of a call, which may be a call with several results.
func (h *hoister) argument(e ast.Expr) []string {
	tv := h.info.Types[e]
	text := h.text(e)
	if tuple, ok := tv.Type.(*types.Tuple); ok {
		return h.variables(text, tuple.Len())
	}
	if tv.Value != nil || tv.IsNil() || h.declared(e) {
		return []string{text}
	}
	if untypedInside(e, tv.Type) { // its type comes from the parameter
		t, ok := h.typeText(tv.Type, e)
		if !ok {
			h.refuse(e, "the argument %s of a go statement: its type %s has no name here", h.original(e), tv.Type)
		}
		text = t + "(" + text + ")"
	}
	return h.variables(text, 1)
}

// untypedInside tells whether e is an expression of type t that would have another type
// by itself: a comparison, or a shift of a constant.
func untypedInside(e ast.Expr, t types.Type) bool {
	if t == types.Typ[types.Bool] {
		return false
	}
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ParenExpr:
			return true
		case *ast.UnaryExpr:
			found = found || n.Op == token.NOT
			return n.Op == token.ADD || n.Op == token.SUB || n.Op == token.XOR
		case *ast.BinaryExpr:
			switch n.Op {
			case token.SHL, token.SHR, token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ, token.LAND, token.LOR:
				found = true
			}
			return true
		}
		return false
	})
	return found
}
