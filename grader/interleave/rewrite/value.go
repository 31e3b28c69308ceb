package rewrite

import (
	"fmt"
	"go/ast"
	"go/types"
)

// Operations used as values: functions, method values, method expressions.

// ident returns the text of an identifier, which a dot import may have made an operation.
func (f *file) ident(id *ast.Ident) string {
	if fn, ok := f.info.Uses[id].(*types.Func); ok {
		return f.functionValue(id, fn)
	}
	return id.Name
}

// functionValue returns the text of a package function that is not called directly.
func (f *file) functionValue(e ast.Expr, fn *types.Func) string {
	if op, ok := f.functionOperation(e, fn); ok {
		if len(op.lead) > 0 { // an atomic operation
			return op.function + "Func(" + op.lead[0].text + ")"
		}
		return op.function
	}
	return f.original(e)
}

// selector returns the text of a selector that is not called directly.
func (f *file) selector(se *ast.SelectorExpr) string {
	s := f.info.Selections[se]
	if s == nil { // of a package
		if fn, ok := f.info.Uses[se.Sel].(*types.Func); ok {
			return f.functionValue(se, fn)
		}
		return f.original(se)
	}
	switch s.Kind() {
	case types.MethodVal:
		if text, ok := f.methodValue(se, s); ok {
			return text
		}
	case types.MethodExpr:
		if text, ok := f.methodExpr(se, s); ok {
			return text
		}
		return f.original(se)
	}
	return f.text(se.X) + string(f.between(se.X.End(), se.End()))
}

// methodValue rewrites mu.Lock to Bind(MutexLock, &mu).
func (f *file) methodValue(se *ast.SelectorExpr, s *types.Selection) (string, bool) {
	op, ok := f.methodOperation(se, s)
	if !ok {
		return "", false
	}
	if op.bound {
		return op.function, true
	}
	function, object := op.function, op.lead[0].text
	if len(op.lead) == 2 { // an atomic operation
		function, object = op.function+"Func("+op.lead[0].text+")", op.lead[1].text
	}
	signature := s.Obj().(*types.Func).Signature()
	bind, ok := binders[[2]int{signature.Params().Len(), signature.Results().Len()}]
	if !ok {
		f.refuse(se, "method value %s", f.original(se))
	}
	return rt + bind + "(" + function + ", " + object + f.trailing(se.X.End(), se.Sel.Pos()) + ")", true
}

// binders are the functions of package rt that bind a first argument, by the number of
// parameters and results that are left.
var binders = map[[2]int]string{
	{0, 0}: "Bind", {0, 1}: "BindR", {1, 0}: "Bind1", {1, 1}: "Bind1R", {1, 2}: "Bind1RR",
	{2, 0}: "Bind2", {2, 1}: "Bind2R", {2, 2}: "Bind2RR",
}

// methodExpr rewrites (*sync.Mutex).Lock to MutexLock. The method expression of a type
// of the rewritten packages stays: such types have forwarding methods.
func (f *file) methodExpr(se *ast.SelectorExpr, s *types.Selection) (string, bool) {
	fn := s.Obj().(*types.Func)
	if len(s.Index()) > 1 {
		named := receiverType(s.Recv())
		_, isOperation := f.methodFunction(fn)
		if (isOperation || isAtomic(fn)) && !(named != nil && f.forwards(named)) {
			f.refuse(se, "method expression %s", f.original(se))
		}
		return "", false
	}
	if isAtomic(fn) {
		shape := atomicShape(fn.Signature().Params().Len(), fn.Signature().Results().Len())
		if shape == "" {
			return "", false
		}
		return fmt.Sprintf("%s%sFunc(%s)", rt, shape, f.original(se)), true
	}
	if to, ok := f.methodFunction(fn); ok {
		return rt + to, true
	}
	if _, ok := f.dispatcher(fn); ok {
		f.refuse(se, "method expression %s", f.original(se))
	}
	op, ok := f.outsideOperation(se, fn)
	return op.function, ok
}
