package rewrite

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// replaced are names of operations and packages that rewritten text may do without.
var replaced = names(functions, methods)

func names(tables ...map[string]string) map[string]bool {
	set := map[string]bool{"len": true, "close": true, "atomic": true, "rand": true, "v1": true, "IntN": true, "N": true}
	for _, table := range tables {
		for name := range table {
			for _, word := range strings.FieldsFunc(name, func(r rune) bool { return r == '.' || r == '/' }) {
				set[word] = true
			}
		}
	}
	return set
}

// checkLines verifies that rewritten text is valid and has the names of the source on
// the lines where they were, but for constants, whose lines do not show.
func checkLines(t *testing.T, name string, source, text []byte) {
	t.Helper()
	got := wordLines(t, name, text)
	for word, lines := range wordLines(t, name, source) {
		for _, line := range lines {
			if replaced[word] {
				continue
			}
			require.Contains(t, got[word], line, "%s: %s was on line %d\n%s", name, word, line, text)
		}
	}
}

// wordLines returns the lines on which each name and kind of statement occurs.
func wordLines(t *testing.T, name string, text []byte) map[string][]int {
	t.Helper()
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
	require.NoError(t, err, "%s", text)
	words := map[string][]int{}
	note := func(word string, pos token.Pos) {
		if line := fset.Position(pos).Line; !slices.Contains(words[word], line) {
			words[word] = append(words[word], line)
		}
	}
	labels := map[*ast.Ident]bool{} // may move
	ast.Inspect(syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.LabeledStmt:
			labels[n.Label] = true
		case *ast.BranchStmt:
			return false
		case *ast.Ident:
			if !labels[n] {
				note(n.Name, n.Pos())
			}
		case *ast.ReturnStmt, *ast.IfStmt, *ast.ForStmt, *ast.BlockStmt, *ast.DeferStmt:
			note(fmt.Sprintf("%T", n), n.Pos())
		}
		return true
	})
	return words
}
