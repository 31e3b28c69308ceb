package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
)

// core returns what all types that t stands for have as their underlying type; for a
// type parameter that is the underlying type of its first term.
func core(t types.Type) types.Type {
	if t == nil {
		return types.Typ[types.Invalid]
	}
	p, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return t.Underlying()
	}
	if term := firstTerm(p.Constraint()); term != nil {
		return core(term)
	}
	return p.Underlying()
}

func firstTerm(constraint types.Type) types.Type {
	i, ok := constraint.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	for e := range i.EmbeddedTypes() {
		if u, ok := e.(*types.Union); ok {
			return u.Term(0).Type()
		}
		if _, ok := e.Underlying().(*types.Interface); !ok {
			return e
		}
		if t := firstTerm(e); t != nil {
			return t
		}
	}
	return nil
}

func (f *file) channel(e ast.Expr) (*types.Chan, bool) {
	c, ok := core(f.info.TypeOf(e)).(*types.Chan)
	return c, ok
}

// receiving returns the receive operation that e is.
func receiving(e ast.Expr) (*ast.UnaryExpr, bool) {
	u, ok := ast.Unparen(e).(*ast.UnaryExpr)
	return u, ok && u.Op == token.ARROW
}

func (f *file) receive(u *ast.UnaryExpr, function string) string {
	return rt + function + "(" + f.newlines(u.OpPos, u.X.Pos()) + f.text(u.X) + ")"
}

// receiveBoth rewrites v, ok = <-c, the statement or specification n. The nodes on the
// left may have something to rewrite; ok is the second of them.
func (f *file) receiveBoth(n ast.Node, left []ast.Node, ok, value ast.Expr, u *ast.UnaryExpr) string {
	f.checkOK(ok)
	return f.copy(n.Pos(), value.Pos(), left) + f.receiveIn(value, u, "Recv2")
}

// receiveIn rewrites a receive operation that may stand in parentheses, which go.
func (f *file) receiveIn(value ast.Expr, u *ast.UnaryExpr, function string) string {
	if value == u {
		return f.receive(u, function)
	}
	return f.newlines(value.Pos(), u.X.Pos()) + rt + function + "(" + f.text(u.X) + f.trailing(u.End(), value.End()) + ")"
}

// trailing returns line ends that may stand before a closing parenthesis.
func (f *file) trailing(from, to token.Pos) string {
	lines := f.newlines(from, to)
	if lines != "" {
		lines = "," + lines
	}
	return lines
}

// checkOK refuses to assign whether a receive succeeded to a type of the user's own:
// the language has an untyped value there, the rewritten text one of type bool.
func (f *file) checkOK(left ast.Expr) {
	if id, ok := left.(*ast.Ident); ok && id.Name == "_" {
		return
	}
	t := f.info.TypeOf(left)
	if t == nil || types.IsInterface(t) || types.Identical(t, types.Typ[types.Bool]) {
		return
	}
	f.refuse(left, "the result ok of a receive assigned to type %s", t)
}

func (f *file) send(s *ast.SendStmt) string {
	return rt + "SendTo(" + f.text(s.Chan) + ").Do(" +
		f.newlines(s.Chan.End(), s.Value.Pos()) + f.text(s.Value) + ")"
}

func (f *file) rangeStmt(s *ast.RangeStmt) string {
	switch core(f.info.TypeOf(s.X)).(type) {
	case *types.Chan:
		return f.rangeChannel(s)
	case *types.Map:
		if s.Key != nil { // else the order does not show
			return f.copy(s.Pos(), s.X.Pos(), presentNodes(s.Key, s.Value)) +
				rt + "RangeMap(" + f.text(s.X) + ")" + f.copy(s.X.End(), s.End(), []ast.Node{s.Body})
		}
	}
	return f.copy(s.Pos(), s.End(), children(s))
}

func presentNodes(list ...ast.Expr) []ast.Node {
	var nodes []ast.Node
	for _, e := range list {
		if e != nil {
			nodes = append(nodes, e)
		}
	}
	return nodes
}

// rangeChannel makes for v := range c a loop of receives:
//
//	for c := c; ; { v, ok := Recv2(c); if !ok { break }; { body }}
func (f *file) rangeChannel(s *ast.RangeStmt) string {
	const received = rt + "Recv2(" + prefix + "c)"
	const done = "if !" + prefix + "ok { break }; "
	step := "if _, " + prefix + "ok := " + received + "; !" + prefix + "ok { break }; "
	if id, ok := s.Key.(*ast.Ident); s.Key != nil && !(ok && id.Name == "_") {
		key := f.text(s.Key)
		if s.Tok == token.DEFINE {
			step = key + ", " + prefix + "ok := " + received + "; " + done
		} else {
			step = prefix + "v, " + prefix + "ok := " + received + "; " + done + key + " = " + prefix + "v; "
		}
	}
	head := "for " + f.newlines(s.Pos(), s.X.Pos()) + prefix + "c := " + f.text(s.X) + "; ; { "
	return head + step + f.text(s.Body) + "}"
}
