package rewrite

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// What is outside of an exploration: calls of the standard library that package rt does
// not replace. Each is a step nevertheless, see rt.Outside.

// inside are the packages that package rt replaces, and those that neither order
// goroutines nor call what does.
var inside = map[string]bool{
	"sync": true, "sync/atomic": true, "context": true, "time": true, "runtime": true, "runtime/debug": true,
	"maps": true, "math/rand": true, "math/rand/v2": true,

	"bytes": true, "cmp": true, "container/heap": true, "container/list": true, "container/ring": true, "errors": true,
	"iter": true, "math": true, "math/bits": true, "math/cmplx": true, "slices": true, "sort": true, "strconv": true,
	"strings": true, "unicode": true, "unicode/utf16": true, "unicode/utf8": true,
}

// outsiders are types outside, whose methods an interface of the program's own may hold.
var outsiders = []named{{"os", "File"}, {"io", "PipeReader"}, {"io", "PipeWriter"}, {"bufio", "ReadWriter"}}

// outsideOperation returns how to call the function or method that e names, if it is outside.
func (f *file) outsideOperation(e ast.Expr, fn *types.Func) (operation, bool) {
	if !f.outside(fn) {
		return operation{}, false
	}
	text := f.original(e)
	if se, ok := e.(*ast.SelectorExpr); ok && f.info.Selections[se] != nil {
		text = f.text(se.X) + string(f.between(se.X.End(), se.End()))
	}
	return operation{function: rt + "Outside(" + text + ")", bound: true}, true
}

func (f *file) outside(fn *types.Func) bool {
	if fn.Pkg() == nil || fn.Signature().TypeParams().Len() > 0 {
		return false
	}
	path := fn.Pkg().Path()
	if fn.Pkg() != f.types && f.rewriter.importer.rewritten[path] == nil && standard(path) {
		return !inside[path] || readsOrWrites(fn)
	}
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type()) &&
		slices.ContainsFunc(outsiders, func(t named) bool { return f.mayBeOf(fn, t) })
}

// standard tells whether an import path is one of the standard library.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") && first != "lockstep"
}

// readsOrWrites tells whether fn is given a reader or writer, as (*strings.Reader).WriteTo.
func readsOrWrites(fn *types.Func) bool {
	for p := range fn.Signature().Params().Variables() {
		if packageOf(p.Type()) == "io" {
			return true
		}
	}
	return false
}
