package policy

import (
	"go/ast"
	"go/token"
	"path"
)

// refusedNames are refused everywhere but where a chapter allows them, called or not. A
// star stands for the rest of a name.
var refusedNames = []struct{ pattern, why, next string }{
	{"os.Exit", endsProcess, returnError},
	{"syscall.Exit", endsProcess, returnError},
	{"log.Fatal*", endsProcess, returnError},
	{"runtime.GOMAXPROCS", "it hides mistakes from the scheduler", "write code that is right on any number of processors"},
	{"runtime.LockOSThread", "it ties goroutines to threads, which the tests cannot follow", "leave it out"},
	{"runtime.Caller*", knowsCaller, leaveOut},
	{"runtime.Stack", knowsCaller, leaveOut},
	{"runtime.FuncForPC", knowsCaller, leaveOut},
	{"runtime.Breakpoint", endsProcess, leaveOut},
	{"runtime.*Profile*", knowsCaller, leaveOut},
	{"runtime.*Trace", knowsCaller, leaveOut},
	{"runtime.Race*", "the race detector is not the program's to switch", leaveOut},
	{"runtime/debug.Set*", "it changes the runtime for the tests too", leaveOut},
	{"runtime/debug.WriteHeapDump", "it stops every goroutine", leaveOut},
	{"runtime/debug.ReadBuildInfo", knowsCaller, leaveOut},
	{"syscall.Exec", "the program would be replaced by another", "use os/exec"},
	{"syscall.ForkExec", "it starts processes that os/exec does not know", "use os/exec"},
	{"syscall.StartProcess", "it starts processes that os/exec does not know", "use os/exec"},
	{"syscall.*Syscall*", "a raw system call is not seen by the race detector", "use the package that wraps it"},
	{"syscall.Ptrace*", "it reads and changes other processes", leaveOut},
	{"syscall.Setrlimit", "the limits are not the program's to set", leaveOut},
	{"sync/atomic.?*Pointer", "it is for the pointers of package unsafe", "use atomic.Pointer"},
	{"os.NewFile", "descriptors that were not opened here belong to someone else", "use os.Pipe, os.Open or the files of os/exec"},
}

// untyped are methods of package reflect, whose values other packages hand out as well:
// with an unsafe.Pointer, which can be converted without its name, all memory is open.
var untyped = []string{"UnsafePointer", "UnsafeAddr", "SetPointer", "MethodByName"}

const (
	endsProcess = "it ends the program, and the tests with it"
	returnError = "return an error"
	knowsCaller = "code that looks at its callers can behave for the test only"
	leaveOut    = "leave it out"
)

// uses examines what a file does with other packages, whose names are given.
func (c *checker) uses(file *ast.File, names map[string]string) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if path, ok := isPackage(n.X, names); ok {
				c.name(path, n.Sel)
			} else if contains(untyped, n.Sel.Name) {
				c.add(n.Sel.Pos(), "uses "+n.Sel.Name, "it reaches round the types", "choose another name, if it is your own")
			}
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, e := range n.Lhs {
					c.change(e, names, "changes")
				}
			}
		case *ast.IncDecStmt:
			c.change(n.X, names, "changes")
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				c.change(n.Key, names, "changes")
				c.change(n.Value, names, "changes")
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				c.change(n.X, names, "takes the address of")
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && id.Obj == nil && len(n.Args) > 0 &&
				contains([]string{"clear", "copy", "delete"}, id.Name) {
				c.change(n.Args[0], names, "changes")
			}
		}
		return true
	})
}

// name examines the use of one name of a package.
func (c *checker) name(pkg string, id *ast.Ident) {
	for _, allowed := range c.rules.Allow {
		if matches(allowed, pkg, id.Name) {
			return
		}
	}
	short := packageName(pkg) + "." + id.Name
	for _, denied := range c.rules.Deny {
		if matches(denied, pkg, id.Name) {
			c.add(id.Pos(), "uses "+short, "this chapter is about doing without it", "read the chapter's notes again")
			return
		}
	}
	for _, r := range refusedNames {
		if matches(r.pattern, pkg, id.Name) {
			c.add(id.Pos(), "uses "+short, r.why, r.next)
			return
		}
	}
}

// matches reports whether pattern, "os.Exit", "runtime/debug.Set*" or "debug.Set*", is
// about that name of that package.
func matches(pattern, pkg, name string) bool {
	in, wanted, ok := lastCut(pattern, ".")
	if !ok || in != pkg && in != packageName(pkg) {
		return false
	}
	ok, err := path.Match(wanted, name)
	return ok && err == nil
}

// change refuses e if it is, or is part of, another package's variable.
func (c *checker) change(e ast.Expr, names map[string]string, how string) {
	for e != nil {
		switch inner := e.(type) {
		case *ast.ParenExpr:
			e = inner.X
		case *ast.StarExpr:
			e = inner.X
		case *ast.IndexExpr:
			e = inner.X
		case *ast.SliceExpr:
			e = inner.X
		case *ast.SelectorExpr:
			if pkg, ok := isPackage(inner.X, names); ok {
				variable := packageName(pkg) + "." + inner.Sel.Name
				c.add(e.Pos(), how+" "+variable, "every package shares it, the tests too", "keep a variable of your own")
				return
			}
			e = inner.X
		default:
			return
		}
	}
}
