package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A struct that embeds sync.Mutex may be used as an interface with its methods. That is
// controlled if the struct has forwarding methods, which types declared in functions,
// types without a name, and values (not pointers) of other types cannot have. For a pointer
// to a struct without a name, package rt looks for the mutex in the fields.

// checkConversions refuses conversions to interfaces behind which an operation would
// escape control.
func (f *file) checkConversions(syntax *ast.File) {
	for id, instance := range f.info.Instances {
		if f.tokens.Base() <= int(id.Pos()) && int(id.Pos()) <= f.tokens.Base()+f.tokens.Size() {
			f.checkInstance(id, instance)
		}
	}
	var results []*types.Signature // of the functions around a node
	var nodes []ast.Node
	ast.Inspect(syntax, func(n ast.Node) bool {
		if n == nil {
			last := nodes[len(nodes)-1]
			nodes = nodes[:len(nodes)-1]
			if f.signatureOf(last) != nil {
				results = results[:len(results)-1]
			}
			return true
		}
		nodes = append(nodes, n)
		if s := f.signatureOf(n); s != nil {
			results = append(results, s)
		}
		if r, ok := n.(*ast.ReturnStmt); ok && len(results) > 0 {
			f.convertAll(r.Results, results[len(results)-1].Results(), false)
		}
		f.conversions(n)
		return true
	})
}

// signatureOf returns the signature of a function's declaration or literal.
func (f *file) signatureOf(n ast.Node) *types.Signature {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if fn, ok := f.info.Defs[n.Name].(*types.Func); ok {
			return fn.Signature()
		}
		return types.NewSignatureType(nil, nil, nil, nil, nil, false)
	case *ast.FuncLit:
		return core(f.info.TypeOf(n)).(*types.Signature)
	}
	return nil
}

// conversions checks the implicit and explicit conversions of one node.
func (f *file) conversions(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok == token.ASSIGN && len(n.Lhs) == len(n.Rhs) {
			for i, e := range n.Rhs {
				f.convert(e, f.info.TypeOf(n.Lhs[i]))
			}
		}
	case *ast.ValueSpec:
		if n.Type != nil {
			for _, e := range n.Values {
				f.convert(e, f.info.TypeOf(n.Type))
			}
		}
	case *ast.SendStmt:
		if c, ok := f.channel(n.Chan); ok {
			f.convert(n.Value, c.Elem())
		}
	case *ast.CompositeLit:
		f.composite(n)
	case *ast.CallExpr:
		fun := f.info.Types[n.Fun]
		if fun.IsType() {
			f.convert(n.Args[0], fun.Type)
		} else if s, ok := core(fun.Type).(*types.Signature); ok && !fun.IsBuiltin() {
			f.convertAll(n.Args, s.Params(), s.Variadic() && !n.Ellipsis.IsValid())
		}
	}
}

func (f *file) convertAll(values []ast.Expr, to *types.Tuple, variadic bool) {
	for i, e := range values {
		switch last := to.Len() - 1; {
		case variadic && i >= last:
			if s, ok := to.At(last).Type().Underlying().(*types.Slice); ok {
				f.convert(e, s.Elem())
			}
		case i <= last:
			f.convert(e, to.At(i).Type())
		}
	}
}

func (f *file) composite(n *ast.CompositeLit) {
	for i, e := range n.Elts {
		kv, keyed := e.(*ast.KeyValueExpr)
		value := e
		if keyed {
			value = kv.Value
		}
		switch t := core(f.info.TypeOf(n)).(type) {
		case *types.Struct:
			if !keyed {
				f.convert(value, t.Field(i).Type())
			} else if field, ok := f.info.Uses[kv.Key.(*ast.Ident)].(*types.Var); ok {
				f.convert(value, field.Type())
			}
		case *types.Slice:
			f.convert(value, t.Elem())
		case *types.Array:
			f.convert(value, t.Elem())
		case *types.Map:
			f.convert(kv.Key, t.Key())
			f.convert(value, t.Elem())
		}
	}
}

// checkInstance checks what a generic function or type is instantiated with.
func (f *file) checkInstance(id *ast.Ident, instance types.Instance) {
	generic, ok := f.info.Uses[id].(interface{ Type() types.Type })
	if !ok {
		return
	}
	params, ok := generic.Type().(interface{ TypeParams() *types.TypeParamList })
	if !ok || params.TypeParams().Len() != instance.TypeArgs.Len() {
		return
	}
	for i := range instance.TypeArgs.Len() {
		f.checkEscape(id, instance.TypeArgs.At(i), params.TypeParams().At(i).Constraint())
	}
}

// convert checks the conversion of e to a type.
func (f *file) convert(e ast.Expr, to types.Type) {
	if from := f.info.TypeOf(e); from != nil && to != nil {
		f.checkEscape(e, from, to)
	}
}

func (f *file) checkEscape(at ast.Node, from, to types.Type) {
	target, ok := to.Underlying().(*types.Interface)
	if _, parameter := types.Unalias(to).(*types.TypeParam); !ok || parameter || types.IsInterface(from) {
		return
	}
	for m := range target.Methods() {
		object, index, _ := types.LookupFieldOrMethod(from, false, f.types, m.Name())
		fn, ok := object.(*types.Func)
		if !ok || len(index) < 2 || !f.escapes(from, index, fn) {
			continue
		}
		f.refuse(at, "%s used as an interface with method %s, which a type without a declaration of its own, or one used by value, cannot forward", f.original(at), m.Name())
		return
	}
}

// escapes tells whether fn, which from has by the embedded fields of index, is an
// operation that no forwarding method stands for.
func (f *file) escapes(from types.Type, index []int, fn *types.Func) bool {
	if _, ok := methods[qualified(fn)]; !ok {
		return false
	}
	if embedsMutex(from) && (fn.Name() == "Lock" || fn.Name() == "Unlock") {
		return false
	}
	holder, pointer := from, false
	for depth := 0; ; depth++ {
		if p, ok := holder.Underlying().(*types.Pointer); ok {
			holder, pointer = p.Elem(), true
		}
		if depth == len(index)-2 {
			break
		}
		holder = holder.Underlying().(*types.Struct).Field(index[depth]).Type()
	}
	named := receiverType(holder)
	return named == nil || !pointer || !f.forwards(named) && f.ours(named)
}

// embedsMutex tells whether t is a pointer to a struct without a name that embeds a mutex itself.
func embedsMutex(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	s, ok := types.Unalias(p.Elem()).(*types.Struct)
	if !ok {
		return false
	}
	for field := range s.Fields() {
		if name := field.Type().String(); field.Embedded() && (name == "sync.Mutex" || name == "sync.RWMutex") {
			return true
		}
	}
	return false
}

// ours tells whether a type is declared by a package that is rewritten. The locks of
// other packages' types are those packages' business.
func (f *file) ours(t *types.Named) bool {
	return t.Obj().Pkg() != nil && f.rewriter.importer.rewritten[t.Obj().Pkg().Path()] != nil
}
