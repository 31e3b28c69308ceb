package rewrite

import (
	"go/ast"
	"go/types"
)

// receiver returns the receiver of a selected method as it is passed to a function: the
// address of the object, or its pointer or interface, with embedded fields spelled out.
// It is not ok when the path leads through a field that this package cannot name: the
// method is then promoted by a type of another package, which has been rewritten itself
// or is none of ours.
func (f *file) receiver(se *ast.SelectorExpr, s *types.Selection) (string, bool) {
	path, t, ok := f.embeddedPath(s)
	if !ok {
		if f.rewriter.importer.rewritten[packageOf(s.Recv())] == nil {
			f.refuse(se, "%s is promoted by a type of another package", f.original(se))
		}
		return "", false
	}
	text := f.text(se.X) + path
	switch core(t).(type) {
	case *types.Pointer, *types.Interface:
		return text, true
	}
	if _, parameter := types.Unalias(t).(*types.TypeParam); parameter {
		return text, true
	}
	return "&" + text, true
}

// embeddedPath returns the selectors that lead from the operand of s to the field that
// has the method, and the type of that field.
func (f *file) embeddedPath(s *types.Selection) (string, types.Type, bool) {
	path, t := "", s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		u := t.Underlying()
		if p, ok := u.(*types.Pointer); ok {
			u = p.Elem().Underlying()
		}
		field := u.(*types.Struct).Field(i)
		if !field.Exported() && field.Pkg() != f.types {
			return "", nil, false
		}
		path += "." + field.Name()
		t = field.Type()
	}
	return path, t, true
}

func packageOf(t types.Type) string {
	if named := receiverType(t); named != nil && named.Obj().Pkg() != nil {
		return named.Obj().Pkg().Path()
	}
	return ""
}

// typeText returns t as it can be written where n stands. It is not ok when some name
// is not visible there or means something else.
func (f *file) typeText(t types.Type, n ast.Node) (string, bool) {
	ok := true
	scope := f.types.Scope().Innermost(n.Pos())
	checkNames(t, func(o *types.TypeName) {
		switch {
		case o.Pkg() == nil: // predeclared; shadowed?
			_, found := scope.LookupParent(o.Name(), n.Pos())
			ok = ok && found == o
		case o.Pkg() != f.types:
			ok = ok && o.Exported() && o.Parent() == o.Pkg().Scope()
		default:
			_, found := scope.LookupParent(o.Name(), n.Pos())
			ok = ok && found == o
		}
	})
	if !ok {
		return "", false
	}
	return types.TypeString(t, func(p *types.Package) string {
		if p == f.types {
			return ""
		}
		path := p.Path()
		if to, ok := f.rewriter.moved(path); ok {
			path = to
		}
		return f.extraImport(path)
	}), true
}

// checkNames calls visit for each name that the text of t has.
func checkNames(t types.Type, visit func(*types.TypeName)) {
	seen := map[types.Type]bool{}
	var walk func(types.Type)
	tuple := func(t *types.Tuple) {
		for v := range t.Variables() {
			walk(v.Type())
		}
	}
	walk = func(t types.Type) {
		if seen[t] {
			return
		}
		seen[t] = true
		switch t := t.(type) {
		case *types.Basic:
			if o, ok := types.Universe.Lookup(t.Name()).(*types.TypeName); ok {
				visit(o)
			}
		case *types.Named:
			visit(t.Obj())
			for a := range t.TypeArgs().Types() {
				walk(a)
			}
		case *types.Alias:
			visit(t.Obj())
			for a := range t.TypeArgs().Types() {
				walk(a)
			}
		case *types.TypeParam:
			visit(t.Obj())
		case *types.Pointer:
			walk(t.Elem())
		case *types.Slice:
			walk(t.Elem())
		case *types.Array:
			walk(t.Elem())
		case *types.Chan:
			walk(t.Elem())
		case *types.Map:
			walk(t.Key())
			walk(t.Elem())
		case *types.Struct:
			for field := range t.Fields() {
				walk(field.Type())
			}
		case *types.Signature:
			tuple(t.Params())
			tuple(t.Results())
		case *types.Interface:
			for m := range t.ExplicitMethods() {
				walk(m.Type())
			}
			for e := range t.EmbeddedTypes() {
				walk(e)
			}
		case *types.Union:
			for term := range t.Terms() {
				walk(term.Type())
			}
		}
	}
	walk(t)
}
