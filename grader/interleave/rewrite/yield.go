package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// withYields returns the text of a file with a possible switch of goroutines before
// each statement that has a visible operation. Nothing else changes.
func (f *file) withYields(syntax *ast.File) string {
	var points []token.Pos
	ast.Inspect(syntax, func(n ast.Node) bool {
		for _, s := range statements(n) {
			if f.visible(s) {
				points = append(points, s.Pos())
			}
		}
		if loop, ok := n.(*ast.ForStmt); ok && loop.Cond != nil && f.visible(loop.Cond) {
			points = append(points, loop.Body.Lbrace+1)
		}
		return true
	})
	f.refusals, f.imports = nil, nil // nothing is rewritten
	slices.Sort(points)
	points = slices.Compact(points)

	var b strings.Builder
	b.Write(f.between(f.tokens.Pos(0), syntax.Name.End()))
	b.WriteString(f.importRuntime())
	at := syntax.Name.End()
	for _, p := range points {
		b.Write(f.between(at, p))
		b.WriteString(rt + "Yield(); ")
		at = p
	}
	b.Write(f.between(at, f.tokens.Pos(len(f.source))))
	b.WriteString("\nvar _ = " + rt + "Yield\n")
	return b.String()
}

// statements returns the statements of a block or clause.
func statements(n ast.Node) []ast.Stmt {
	switch n := n.(type) {
	case *ast.BlockStmt:
		return n.List
	case *ast.CaseClause:
		return n.Body
	case *ast.CommClause:
		return n.Body
	}
	return nil
}

// visible tells whether n has a visible operation that is not in a block of its own.
func (f *file) visible(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause, *ast.DeferStmt:
			return false
		case *ast.GoStmt, *ast.SendStmt, *ast.SelectStmt:
			found = true
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.RangeStmt:
			_, channel := core(f.info.TypeOf(n.X)).(*types.Chan)
			found = found || channel
		case *ast.CallExpr:
			_, operation := f.operation(n)
			found = found || operation
		}
		return !found
	})
	return found
}
