package policy

import (
	"go/ast"
	"go/token"
	"strings"
)

// predeclaredNames are the types of the universe block, and the one function that rewritten code
// calls. A package's own max, min or copy is ordinary Go, and no other package sees it.
var predeclaredNames = strings.Fields(`
	any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string
	uint uint8 uint16 uint32 uint64 uintptr
	panic`)

// constants are those that nobody gives another meaning to by accident. Functions and
// types are another matter: a variable named len, new or max in a function is ordinary Go.
var constants = []string{"true", "false", "nil", "iota"}

// declarations examines what a file declares.
func (c *checker) declarations(file *ast.File) {
	switch name := file.Name.Name; {
	case name == "main":
		c.add(file.Name.Pos(), "is package main", "the tests cannot import a program", "keep the package line of the chapter's file")
	case strings.HasSuffix(name, "_test"):
		c.add(file.Name.Pos(), "is a test package", "the graded tests are the course's", "keep the package line of the chapter's file")
	}
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				c.function(decl)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				c.spec(spec)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Obj != nil && contains(constants, id.Name) && id.Obj.Pos() == id.Pos() {
			c.add(id.Pos(), "declares "+id.Name, "everyone reads it as the constant of Go", "choose another name")
		}
		return true
	})
}

func (c *checker) function(decl *ast.FuncDecl) {
	name := decl.Name.Name
	switch {
	case name == "init" && contains(c.rules.Deny, "init"):
		c.add(decl.Pos(), "has an init function", "in this chapter nothing may run before the tests",
			"do the work where it is needed")
	case name == "init" && decl.Body != nil:
		c.started(decl.Body)
	case name == "TestMain":
		c.add(decl.Pos(), "declares TestMain", "the graded tests are the course's", "choose another name")
	}
	if decl.Body == nil {
		c.add(decl.Pos(), "declares "+name+" without a body", "only Go code is graded", "write the body")
	}
	c.predeclared(name, decl.Name.Pos())
}

func (c *checker) spec(spec ast.Spec) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		c.predeclared(spec.Name.Name, spec.Name.Pos())
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			c.predeclared(name.Name, name.Pos())
		}
		for _, value := range spec.Values {
			c.initialiser(value)
		}
	}
}

// predeclared refuses a package-level name that Go itself has declared.
func (c *checker) predeclared(name string, pos token.Pos) {
	if contains(predeclaredNames, name) {
		c.add(pos, "declares "+name+" for the whole package", "everyone reads it as Go's own "+name, "choose another name")
	}
}

// started refuses the goroutines of code that runs when the package is initialised. An
// init function as such is ordinary Go, and could be written as a variable's value anyway.
func (c *checker) started(body *ast.BlockStmt) {
	ast.Inspect(body, func(n ast.Node) bool {
		if start, ok := n.(*ast.GoStmt); ok {
			c.add(start.Pos(), "starts a goroutine before any test", "nobody could wait for it", "start it where it is needed")
		}
		return true
	})
}

// initialiser refuses a goroutine that starts when a variable of the package is
// initialised, by a function literal called on the spot.
func (c *checker) initialiser(value ast.Expr) {
	ast.Inspect(value, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			_, isFunc := n.(*ast.FuncLit)
			return !isFunc
		}
		if lit, ok := ast.Unparen(call.Fun).(*ast.FuncLit); ok {
			c.started(lit.Body)
		}
		return true
	})
}
