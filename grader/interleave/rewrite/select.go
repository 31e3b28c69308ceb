package rewrite

import (
	"bytes"
	"fmt"
	"go/ast"
	"strings"
)

// labeledSelect rewrites a select statement that has a label. The label moves to the
// switch within the new block, where break needs it; one that goto needs stays ahead of
// the block, and break gets a new one.
func (f *file) labeledSelect(l *ast.LabeledStmt, s *ast.SelectStmt) string {
	label := f.info.Defs[l.Label]
	outer, inner := "", ""
	if f.jumps.toBreak[label] {
		inner = l.Label.Name
	}
	if f.jumps.toGoto[label] {
		outer = l.Label.Name + ": "
		if inner != "" {
			inner = prefix + inner
			f.renamed[label] = inner
		}
	}
	return outer + f.newlines(l.Pos(), s.Pos()) + f.selectStmt(s, inner)
}

// selectStmt rewrites a select statement. Channels and values are evaluated first, in
// the order of the source, as the language has it, and count as being on their lines:
//
//	{ r := rt.CaseRecv(c); s := rt.CaseSend(d).Case(x);
//	switch rt.Select(false, r, s) {
//	case 0: v := r.V; ...
//	case 1: ...
//	default: panic("unreachable") } }
func (f *file) selectStmt(s *ast.SelectStmt, label string) string {
	h := &hoister{file: f, line: f.lineOf(s.Pos())}
	h.write("{ ")
	var clauses strings.Builder
	var names []string
	hasDefault := false
	at := s.Body.Lbrace + 1
	for _, stmt := range s.Body.List {
		clause := stmt.(*ast.CommClause)
		clauses.Write(f.between(at, clause.Pos()))
		if clause.Comm == nil {
			hasDefault = true
			clauses.WriteString("default:")
		} else {
			name := h.comm(clause)
			received := f.received(clause, name)
			lines := f.lineOf(clause.Colon) - f.lineOf(clause.Case) - strings.Count(received, "\n")
			fmt.Fprintf(&clauses, "case %d:%s%s", len(names), received, strings.Repeat("\n", lines))
			names = append(names, name)
		}
		clauses.WriteString(f.copy(clause.Colon+1, clause.End(), stmts(clause.Body)))
		at = clause.End()
	}
	rest := f.between(at, s.Body.Rbrace)
	clauses.Write(rest)
	if !hasDefault {
		if len(names) > 0 && !bytes.Contains(rest, []byte("\n")) {
			clauses.WriteString("; ")
		}
		clauses.WriteString("default: panic(\"unreachable\") ")
	}

	if len(names) > 0 {
		h.write(f.directive(s.Pos()))
	}
	if label != "" {
		h.write(label + ": ")
	}
	h.write(fmt.Sprintf("switch %sSelect(%s) {", rt, strings.Join(append([]string{fmt.Sprint(hasDefault)}, names...), ", ")))
	return h.b.String() + f.newlines(s.Pos(), s.Body.Lbrace) + clauses.String() + "} }"
}

func stmts(list []ast.Stmt) []ast.Node {
	nodes := make([]ast.Node, len(list))
	for i, s := range list {
		nodes[i] = s
	}
	return nodes
}

// comm hoists the operands of a clause and returns the variable that holds the case.
func (h *hoister) comm(clause *ast.CommClause) string {
	var value string
	at := clause.Comm.Pos()
	if s, ok := clause.Comm.(*ast.SendStmt); ok {
		value = rt + "CaseSend(" + h.text(s.Chan) + ").Case(" + h.text(s.Value) + ")"
	} else {
		_, u := assigned(clause)
		value, at = rt+"CaseRecv("+h.text(u.X)+")", u.X.Pos()
	}
	h.write(h.directive(at))
	return h.variables(value, 1)[0]
}

// assigned returns the assignment of a clause that receives, or nil, and the operation.
func assigned(clause *ast.CommClause) (*ast.AssignStmt, *ast.UnaryExpr) {
	switch s := clause.Comm.(type) {
	case *ast.ExprStmt:
		u, _ := receiving(s.X)
		return nil, u
	case *ast.AssignStmt:
		u, _ := receiving(s.Rhs[0])
		return s, u
	}
	panic("rewrite: a clause that neither sends nor receives")
}

// received returns the statement that assigns what the clause received.
func (f *file) received(clause *ast.CommClause, name string) string {
	if _, sends := clause.Comm.(*ast.SendStmt); sends {
		return ""
	}
	s, _ := assigned(clause)
	if s == nil {
		return ""
	}
	left, right := exprs(s.Lhs), name+".V"
	if len(s.Lhs) == 2 {
		f.checkOK(s.Lhs[1])
		right += ", " + name + ".OK"
	}
	last := s.Lhs[len(s.Lhs)-1]
	return " " + f.copy(s.Pos(), last.End(), left) + " " + s.Tok.String() + " " + right + ";"
}
