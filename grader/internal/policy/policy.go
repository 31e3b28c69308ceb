// Package policy reads a student's Go files and finds what a chapter does not allow.
//
// It guards what a sandbox cannot: that the code which is graded is the code that was
// read (no directives, no build constraints), that the race detector and the scheduler see
// all of it, and that it leaves the packages it shares with the tests alone. It does not
// judge taste, and it is not a proof: code that reaches round it still runs in the sandbox,
// and still has to send its results through a pipe that it does not know.
//
// The package does no input or output and never runs the type checker, which a submission
// could keep busy for minutes.
package policy

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"slices"
)

// Rules are what one chapter allows.
type Rules struct {
	Imports []string // import paths allowed
	Allow   []string // names refused elsewhere and allowed here: "os.Exit", "runtime.*"
	Deny    []string // names refused here only: "time.Sleep", or "init" for init functions
}

// Finding is one thing that is not allowed. Each text is a clause without a full stop.
type Finding struct {
	File string
	Line int    // 1-based; 0 for the file as a whole
	What string // "imports unsafe"
	Why  string // "it goes round the race detector"
	Next string // "use sync/atomic"
}

// String returns the finding on one line, "lock.go:3: imports unsafe: why; next".
func (f Finding) String() string {
	if f.Line == 0 {
		return fmt.Sprintf("%s: %s", f.File, f.Message())
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message())
}

// Message returns the finding without its place.
func (f Finding) Message() string { return fmt.Sprintf("%s: %s; %s", f.What, f.Why, f.Next) }

// Check examines the files of one package, by name, and returns what it found, by
// file and line. The error is about a file that does not parse, of which there are hardly any
// findings: the compiler says it better, so let it, but if the compiler has no complaint
// the code must not be run.
func Check(files map[string][]byte, rules Rules) ([]Finding, error) {
	c := checker{
		rules: rules, fset: token.NewFileSet(),
		types: map[string]*ast.TypeSpec{}, consts: map[string]ast.Expr{},
		known: map[*ast.TypeSpec]int64{}, sized: map[ast.Expr]int64{}, values: map[ast.Expr]constant.Value{},
	}
	var errs []error
	var parsed []*ast.File
	for _, name := range sorted(files) {
		src := files[name]
		c.fileName(name)
		if !c.text(name, src) {
			continue
		}
		// The deprecated object resolution is what tells a package from a variable of
		// the same name here, without the type checker.
		file, err := parser.ParseFile(c.fset, name, src, parser.ParseComments)
		if err != nil {
			errs = append(errs, err)
		} else if !c.deep(file) {
			parsed = append(parsed, file)
		}
	}
	for _, file := range parsed {
		c.collect(file)
	}
	for _, file := range parsed {
		c.comments(file)
		names := c.imports(file)
		c.declarations(file)
		c.uses(file, names)
		c.sizes(file)
	}
	slices.SortStableFunc(c.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return slices.Compact(c.found), errors.Join(errs...)
}

// checker collects findings over the files of a package.
type checker struct {
	rules  Rules
	fset   *token.FileSet
	types  map[string]*ast.TypeSpec    // declared at package level
	consts map[string]ast.Expr         // likewise, with their values
	known  map[*ast.TypeSpec]int64     // sizes of types that have a name, in bytes
	sized  map[ast.Expr]int64          // of other types
	values map[ast.Expr]constant.Value // of constants, by the expressions that define them
	found  []Finding
}

// add adds a finding at pos, wherever line directives say that it is.
func (c *checker) add(pos token.Pos, what, why, next string) {
	p := c.fset.PositionFor(pos, false)
	c.found = append(c.found, Finding{p.Filename, p.Line, what, why, next})
}

// collect notes the types and constants of the package.
func (c *checker) collect(file *ast.File) {
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				c.types[spec.Name.Name] = spec
			case *ast.ValueSpec:
				for i, name := range spec.Names {
					if gen.Tok == token.CONST && i < len(spec.Values) {
						c.consts[name.Name] = spec.Values[i]
					}
				}
			}
		}
	}
}

func sorted(files map[string][]byte) []string {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
