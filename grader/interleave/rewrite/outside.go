package rewrite

import (
	"go/ast"
	"go/types"
	"strings"
)

// What is outside of an exploration: calls of the standard library that package rt does
// not replace. Each is a step nevertheless, see rt.Outside.

// inside are the packages that package rt replaces, those that neither order goroutines
// nor call what does, and testing, which says what line has called it.
var inside = map[string]bool{
	"sync": true, "sync/atomic": true, "context": true, "time": true, "runtime": true, "runtime/debug": true,
	"maps": true, "math/rand": true, "math/rand/v2": true, "testing": true,

	"bytes": true, "cmp": true, "container/heap": true, "container/list": true, "container/ring": true, "errors": true,
	"iter": true, "math": true, "math/bits": true, "math/cmplx": true, "slices": true, "sort": true, "strconv": true,
	"strings": true, "unicode": true, "unicode/utf16": true, "unicode/utf8": true,
}

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
	if f.isOutside(fn.Pkg()) {
		return true
	}
	if fn.Pkg() != f.types && standard(fn.Pkg().Path()) {
		return readsOrWrites(fn)
	}
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type()) && f.holdsOutsiders(fn)
}

// isOutside tells whether a package is one of the library that is not replaced and may
// order goroutines.
func (f *file) isOutside(p *types.Package) bool {
	return p != f.types && f.rewriter.importer.rewritten[p.Path()] == nil && standard(p.Path()) && !inside[p.Path()]
}

// holdsOutsiders tells whether a method of an interface may be one of a type outside: of
// a package that this one imports, or of os and io, whose files and pipes others hand out.
func (f *file) holdsOutsiders(fn *types.Func) bool {
	var packages []*types.Package
	for _, path := range []string{"os", "io"} {
		if p, err := f.rewriter.importer.Import(path); err == nil {
			packages = append(packages, p)
		}
	}
	for _, p := range append(packages, f.types.Imports()...) {
		if !f.isOutside(p) {
			continue
		}
		for _, name := range p.Scope().Names() {
			if t, ok := p.Scope().Lookup(name).(*types.TypeName); ok && t.Exported() && hasMethod(t.Type(), fn) {
				return true
			}
		}
	}
	return false
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
