package rewrite

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// Forwarding methods. A struct that embeds sync.Mutex can be used as a sync.Locker. The
// calls made through the interface are controlled as well only if the struct has
// explicit methods:
//
//	func (s *Account) Lock() { rt.MutexLock(&s.Mutex) }

// forwards tells whether the type gets forwarding methods: it is declared by a package
// that is rewritten, not within a function.
func (f *file) forwards(t *types.Named) bool {
	o := t.Obj()
	return o.Pkg() != nil && o.Parent() == o.Pkg().Scope() && f.rewriter.importer.rewritten[o.Pkg().Path()] != nil
}

// forwarders returns the forwarding methods of the types that the file declares.
func (f *file) forwarders(syntax *ast.File) string {
	var b strings.Builder
	for _, d := range syntax.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range decl.Specs {
			spec, ok := s.(*ast.TypeSpec)
			if !ok {
				continue
			}
			if o, ok := f.info.Defs[spec.Name].(*types.TypeName); ok && !o.IsAlias() && o.Name() != "_" {
				f.forward(&b, spec, o.Type().(*types.Named))
			}
		}
	}
	return b.String()
}

// forward writes the forwarding methods of one type: those promoted by a field that it
// embeds itself. Deeper ones are promoted by the field's own forwarding methods.
func (f *file) forward(b *strings.Builder, spec *ast.TypeSpec, t *types.Named) {
	if _, ok := t.Underlying().(*types.Struct); !ok {
		return
	}
	set := types.NewMethodSet(types.NewPointer(t))
	for s := range set.Methods() {
		fn := s.Obj().(*types.Func)
		if len(s.Index()) != 2 {
			continue
		}
		function, ok := f.methodFunction(fn)
		bound := false
		if !ok {
			function, bound = f.dispatcher(fn)
		}
		if !ok && (!bound || looksAtomic(fn)) { // package rt looks for an atomic in the fields
			continue
		}
		path, field, ok := f.embeddedPath(s)
		if !ok {
			continue
		}
		object := "&" + prefix + "s" + path
		switch field.Underlying().(type) {
		case *types.Pointer, *types.Interface:
			object = object[1:]
		}
		params, args, results := f.signature(fn, spec)
		fmt.Fprintf(b, "\nfunc (%ss *%s) %s(%s)%s { ", prefix, receiverName(t), fn.Name(), params, results)
		if results != "" {
			b.WriteString("return ")
		}
		if bound {
			function += "(" + object + ")"
		} else {
			args = append([]string{object}, args...)
		}
		fmt.Fprintf(b, "%s%s(%s) }\n", rt, function, strings.Join(args, ", "))
	}
}

// receiverName returns the type with parameters of names of our own.
func receiverName(t *types.Named) string {
	n := t.TypeParams().Len()
	if n == 0 {
		return t.Obj().Name()
	}
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("%sT%d", prefix, i)
	}
	return t.Obj().Name() + "[" + strings.Join(names, ", ") + "]"
}

// signature returns the parameters of a method, the arguments that pass them on, and the
// results.
func (f *file) signature(fn *types.Func, at ast.Node) (params string, args []string, results string) {
	text := func(t types.Type) string {
		s, ok := f.typeText(t, at)
		if !ok {
			f.refuse(at, "%s of an embedded field: its types have no name here", fn.Name())
		}
		return s
	}
	var list []string
	for i := range fn.Signature().Params().Len() {
		name := fmt.Sprintf("%s%d", prefix, i)
		list = append(list, name+" "+text(fn.Signature().Params().At(i).Type()))
		args = append(args, name)
	}
	params = strings.Join(list, ", ")
	list = nil
	for r := range fn.Signature().Results().Variables() {
		list = append(list, text(r.Type()))
	}
	if len(list) > 0 {
		results = " (" + strings.Join(list, ", ") + ")"
	}
	return params, args, results
}
