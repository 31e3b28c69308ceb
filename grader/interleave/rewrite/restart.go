package rewrite

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// The state of a package begins anew in each schedule: a schedule that depended on those
// before it would not replay, and what goes wrong in one could be learned from another.
// Variables get their first values again and functions named init run again, in the order
// of the language. The exceptions are variables of type error, which get back the value
// that they had: others compare with it.

// restarted returns the declarations that one file adds for that. The first file has
// those of the whole package.
func (f *file) restarted(syntax *ast.File) string {
	var b strings.Builder
	for i, init := range f.info.InitOrder {
		if f.declares(init.Rhs) && f.repeats(init) {
			names := make([]string, len(init.Lhs))
			for i, v := range init.Lhs {
				names[i] = v.Name()
			}
			fmt.Fprintf(&b, "\nfunc %s() { %s = %s%s\n}\n", initializer(i), strings.Join(names, ", "), f.directive(init.Rhs.Pos()), f.text(init.Rhs))
		}
	}
	if f.checked.syntax[0] == syntax {
		b.WriteString(f.restart())
	}
	return b.String()
}

func (f *file) declares(n ast.Node) bool {
	return f.tokens.Base() <= int(n.Pos()) && int(n.Pos()) <= f.tokens.Base()+f.tokens.Size()
}

func initializer(i int) string { return fmt.Sprintf("%svar_%d", prefix, i) }

// repeats tells whether an initialisation is done again.
func (f *file) repeats(init *types.Initializer) bool {
	if _, both := receiving(init.Rhs); both && len(init.Lhs) == 2 {
		return false
	}
	if init.Lhs[0].Name() == "_" {
		_, call := ast.Unparen(init.Rhs).(*ast.CallExpr)
		return call
	}
	return !isError(init.Lhs[0].Type())
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// restart returns the function that begins the package anew.
func (f *file) restart() string {
	var again, keep, first strings.Builder
	initialized := map[*types.Var]bool{}
	for i, init := range f.info.InitOrder {
		for _, v := range init.Lhs {
			initialized[v] = true
			if isError(v.Type()) && v.Name() != "_" {
				fmt.Fprintf(&keep, "var %serror_%s = %[2]s\n", prefix, v.Name())
				fmt.Fprintf(&again, "\t%s = %serror_%[1]s\n", v.Name(), prefix)
			}
		}
		if f.repeats(init) {
			fmt.Fprintf(&again, "\t%s()\n", initializer(i))
		}
	}
	var zero strings.Builder
	for _, name := range f.types.Scope().Names() {
		if v, ok := f.types.Scope().Lookup(name).(*types.Var); ok && !initialized[v] {
			fmt.Fprintf(&zero, "\t%sZero(&%s)\n", rt, name)
		}
	}
	for _, syntax := range f.checked.syntax {
		for _, d := range syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && isInit(fn) {
				fmt.Fprintf(&first, "\t%s()\n", f.initName(fn))
			}
		}
	}
	if zero.Len()+again.Len()+first.Len() == 0 {
		return ""
	}
	return fmt.Sprintf("\n%sfunc %srestart() {\n%s%s%s}\n\nfunc init() {\n%s\t%sOnRestart(%srestart)\n}\n", &keep, prefix, &zero, &again, &first, &first, rt, prefix)
}

func isInit(fn *ast.FuncDecl) bool { return fn.Recv == nil && fn.Name.Name == "init" && fn.Body != nil }

// initName returns the name of what was called init in the source.
func (f *file) initName(fn *ast.FuncDecl) string {
	n := slices.IndexFunc(f.checked.syntax, func(s *ast.File) bool { return s.FileStart <= fn.Pos() && fn.Pos() <= s.FileEnd })
	return fmt.Sprintf("%sinit_%d_%d", prefix, n, fn.Pos()-f.checked.syntax[n].FileStart)
}

// initFunc returns the text of a function named init, with a name by which it can be called.
func (f *file) initFunc(fn *ast.FuncDecl) string {
	return string(f.between(fn.Pos(), fn.Name.Pos())) + f.initName(fn) + f.copy(fn.Name.End(), fn.End(), []ast.Node{fn.Body})
}
