package rewrite

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"
)

// An operation is a function or method that package rt replaces, at one use of it.
type operation struct {
	function string // text of the function to call instead
	bound    bool   // which is a call that binds the receiver
	lead     []lead // arguments that come before those of the source
	convert  bool   // the arguments have to be converted to type any
}

// lead is an argument that the source does not have as such.
type lead struct {
	text     string
	constant bool // it may be evaluated at any time
}

// call returns the text of a call.
func (f *file) call(c *ast.CallExpr) string {
	op, ok := f.operation(c)
	if !ok {
		return f.copy(c.Pos(), c.End(), children(c))
	}
	first := c.Pos()
	var b strings.Builder
	b.WriteString(op.function + "(")
	lines := f.lineOf(c.Lparen) - f.lineOf(first) - strings.Count(op.function, "\n")
	for i, l := range op.lead {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(l.text)
		lines -= strings.Count(l.text, "\n")
	}
	if len(op.lead) > 0 && (len(c.Args) > 0 || lines > 0) {
		b.WriteString(", ")
	}
	b.WriteString(strings.Repeat("\n", max(lines, 0)))
	at := c.Lparen + 1
	for _, arg := range c.Args {
		b.Write(f.between(at, arg.Pos()))
		if op.convert {
			b.WriteString(anyOf(f.text(arg)))
		} else {
			b.WriteString(f.text(arg))
		}
		at = arg.End()
	}
	b.Write(f.between(at, c.End()))
	return b.String()
}

// anyOf converts to type any, whatever that name means where the text stands.
func anyOf(text string) string { return "interface{}(" + text + ")" }

func exprs(list []ast.Expr) []ast.Node {
	nodes := make([]ast.Node, len(list))
	for i, e := range list {
		nodes[i] = e
	}
	return nodes
}

// operation returns how to perform the operation that is called, if it is one.
func (f *file) operation(c *ast.CallExpr) (operation, bool) {
	op, ok := f.calledOperation(c)
	if ok && len(op.lead) > 0 && len(c.Args) == 1 {
		if _, many := f.info.TypeOf(c.Args[0]).(*types.Tuple); many {
			f.refuse(c, "%s called with all results of another call", f.original(c.Fun))
		}
	}
	return op, ok
}

func (f *file) calledOperation(c *ast.CallExpr) (operation, bool) {
	switch fun := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		switch o := f.info.Uses[fun].(type) {
		case *types.Builtin:
			return f.builtin(o, c)
		case *types.Func:
			return f.functionOperation(fun, o)
		}
	case *ast.SelectorExpr:
		if s := f.info.Selections[fun]; s != nil && s.Kind() == types.MethodVal {
			return f.methodOperation(fun, s)
		}
		if o, ok := f.info.Uses[fun.Sel].(*types.Func); ok && f.info.Selections[fun] == nil {
			return f.functionOperation(fun, o)
		}
	}
	return operation{}, false
}

func (f *file) builtin(b *types.Builtin, c *ast.CallExpr) (operation, bool) {
	switch b.Name() {
	case "close":
		return operation{function: rt + "Close"}, true
	case "len":
		if ch, ok := f.channel(c.Args[0]); ok {
			if ch.Dir() == types.SendOnly {
				return operation{function: rt + "LenSend"}, true
			}
			return operation{function: rt + "Len"}, true
		}
	}
	return operation{}, false
}

// functionOperation returns how to perform the package function that e names.
func (f *file) functionOperation(e ast.Expr, fn *types.Func) (operation, bool) {
	if fn.Pkg() != nil && fn.Pkg().Path() == "sync/atomic" {
		shape := atomicShape(fn.Signature().Params().Len()-1, fn.Signature().Results().Len())
		if shape == "" {
			return operation{}, false
		}
		return operation{function: rt + shape, lead: []lead{{f.original(e), true}}}, true
	}
	if text, ok := f.replacement(fn); ok {
		return operation{function: text}, true
	}
	return f.outsideOperation(e, fn)
}

// replacement returns the function to use in place of a package function, as a value or
// to call.
func (f *file) replacement(fn *types.Func) (string, bool) {
	if fn.Signature().Recv() != nil || fn.Pkg() == f.types {
		return "", false
	}
	if to, ok := functions[qualified(fn)]; ok {
		return rt + to, true
	}
	if fn.Pkg() == nil {
		return "", false
	}
	source := map[string]string{"math/rand": "RandV1()", "math/rand/v2": "Rand()"}[fn.Pkg().Path()]
	if source == "" {
		return "", false
	}
	// A function of the global source is one that *rand.Rand has as well.
	r := types.NewPointer(fn.Pkg().Scope().Lookup("Rand").Type())
	if m, _, _ := types.LookupFieldOrMethod(r, false, fn.Pkg(), fn.Name()); m == nil {
		return "", false
	}
	return rt + source + "." + fn.Name(), true
}

// methodOperation returns how to perform the method that se selects.
func (f *file) methodOperation(se *ast.SelectorExpr, s *types.Selection) (operation, bool) {
	fn := s.Obj().(*types.Func)
	if isAtomic(fn) {
		return f.atomicOperation(se, s)
	}
	function, ok := f.methodFunction(fn)
	if !ok {
		function, ok = f.dispatcher(fn)
		if !ok {
			return f.outsideOperation(se, fn)
		}
		return f.boundOperation(se, s, function)
	}
	object, ok := f.receiver(se, s)
	if !ok {
		return operation{}, false
	}
	return operation{function: rt + function, lead: []lead{{object, false}}}, true
}

func (f *file) atomicOperation(se *ast.SelectorExpr, s *types.Selection) (operation, bool) {
	fn := s.Obj().(*types.Func)
	shape := atomicShape(fn.Signature().Params().Len(), fn.Signature().Results().Len())
	method, named := f.atomicMethod(se, s)
	if !named && shape != "" {
		return f.boundOperation(se, s, "AnyAtomic"+fn.Name())
	}
	object, ok := f.receiver(se, s)
	if !ok || shape == "" {
		return operation{}, false
	}
	return operation{
		function: rt + shape,
		lead:     []lead{{method, true}, {object, false}},
		convert:  receiverType(fn.Signature().Recv().Type()).Obj().Name() == "Value",
	}, true
}

// boundOperation returns how to perform a method by what function binds to its receiver.
func (f *file) boundOperation(se *ast.SelectorExpr, s *types.Selection, function string) (operation, bool) {
	object, ok := f.receiver(se, s)
	return operation{function: rt + function + "(" + object + f.trailing(se.X.End(), se.Sel.Pos()) + ")", bound: true}, ok
}

// methodFunction returns the function of package rt that takes the place of a method.
func (f *file) methodFunction(fn *types.Func) (string, bool) {
	to, ok := methods[qualified(fn)]
	return to, ok && fn.Pkg() != f.types
}

// dispatcher returns the function of package rt that binds a method of an interface, if
// the method may be one of a type that is replaced.
func (f *file) dispatcher(fn *types.Func) (string, bool) {
	if !types.IsInterface(fn.Signature().Recv().Type()) {
		return "", false
	}
	for _, p := range primitives {
		pkg, err := f.rewriter.importer.Import(p.path)
		if err == nil && hasMethod(pkg.Scope().Lookup(p.name).Type(), fn) {
			return p.prefix + fn.Name(), true
		}
	}
	if looksAtomic(fn) {
		return "AnyAtomic" + fn.Name(), true
	}
	return "", false
}

// hasMethod tells whether *T has a method like that of an interface.
func hasMethod(t types.Type, fn *types.Func) bool {
	m, _, _ := types.LookupFieldOrMethod(types.NewPointer(t), false, fn.Pkg(), fn.Name())
	has, ok := m.(*types.Func)
	return ok && types.Identical(withoutReceiver(has), withoutReceiver(fn))
}

func withoutReceiver(fn *types.Func) *types.Signature {
	s := fn.Signature()
	return types.NewSignatureType(nil, nil, nil, s.Params(), s.Results(), s.Variadic())
}

func isAtomic(fn *types.Func) bool {
	return fn.Pkg() != nil && fn.Pkg().Path() == "sync/atomic" && fn.Signature().Recv() != nil
}

// atomicMethod returns the method expression of an atomic type's method, such as
// (*atomic.Pointer[T]).Load.
func (f *file) atomicMethod(se *ast.SelectorExpr, s *types.Selection) (string, bool) {
	fn := s.Obj().(*types.Func)
	t, ok := f.typeText(receiverType(fn.Signature().Recv().Type()), se)
	return fmt.Sprintf("(*%s).%s", t, fn.Name()), ok
}
