// Package rewrite turns Go source into source whose visible operations (locks,
// channels, go statements, timers, contexts, atomics, random choices) are calls of
// package rt, so that an exploration can schedule them.
//
// The text is spliced, not printed: every statement stays on its line, and types stay
// as they are. What cannot be rewritten faithfully is refused with file, line and
// reason; it is never rewritten approximately. A caller that meets a refusal may
// rewrite the package again in Yield mode, which only inserts places to switch.
//
// A Rewriter belongs to one build. It is given the packages that are built together in
// dependency order:
//
//	r := rewrite.New(rewrite.Config{Dependencies: deps})
//	chapter, err := r.Rewrite(chapterPackage, rewrite.Control)
//	hidden, err := r.Rewrite(hiddenPackage, rewrite.Control)
//
// and the caller writes Files, and at the end Copies, into a go build overlay.
package rewrite

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// RuntimePath is the import path of the package that rewritten code calls.
const RuntimePath = "lockstep/grader/interleave/rt"

// Mode says how much is rewritten.
type Mode int

// The modes.
const (
	Control Mode = iota // every visible operation goes through package rt
	Yield               // operations stay; a possible switch is inserted before each
)

// Package is one package to rewrite: exactly the files that the build will compile.
type Package struct {
	Path  string            // import path
	Dir   string            // directory that holds the files
	Files map[string][]byte // content by file name; it may differ from what is on disk

	Restarts bool // its variables begin anew in each schedule
}

// Result is a rewritten package.
type Result struct {
	Files    map[string][]byte // rewritten content by file name, for every file of the Package
	Refusals []Refusal         // what could not be rewritten, in order; Files is then not to be used
}

// Refusal is one construct that the rewriter will not rewrite.
type Refusal struct {
	File   string // name as in Package.Files
	Line   int
	Reason string // completes "cannot control …"
}

// String formats the refusal as a compiler would, "file:line: reason".
func (r Refusal) String() string { return fmt.Sprintf("%s:%d: %s", r.File, r.Line, r.Reason) }

// Config is what a build has in common.
type Config struct {
	Dependencies []Dependency // every package that rewritten ones import, from List
	GoVersion    string       // language version such as "go1.26"; empty: the newest

	// Runtime is the import path of package rt; empty means RuntimePath.
	Runtime string
	// Moved maps import paths to those that rewritten files import instead.
	Moved map[string]string
	// CopyPath and CopyDir are the import path and the directory beneath which the
	// rewritten copies of the golang.org/x/sync packages are put. Empty: they stay as
	// they are, uncontrolled.
	CopyPath, CopyDir string
}

// Rewriter rewrites the packages of one build. It must not be used by two goroutines
// at once.
type Rewriter struct {
	config   Config
	fset     *token.FileSet
	importer *importer
	copies   map[string][]byte // by absolute path
	copied   map[string]bool   // import paths
}

// New returns a Rewriter for one build.
func New(config Config) *Rewriter {
	if config.Runtime == "" {
		config.Runtime = RuntimePath
	}
	fset := token.NewFileSet()
	return &Rewriter{
		config:   config,
		fset:     fset,
		importer: newImporter(fset, config.Dependencies),
		copies:   map[string][]byte{},
		copied:   map[string]bool{},
	}
}

// Copies returns the extra files that the packages rewritten so far need, by absolute
// path.
func (r *Rewriter) Copies() map[string][]byte { return maps.Clone(r.copies) }

// Rewrite rewrites one package. Packages rewritten earlier are seen by later ones. The
// error says that the package does not parse or type-check, or that a dependency is
// not known; a construct that cannot be rewritten is a Refusal instead.
func (r *Rewriter) Rewrite(p Package, mode Mode) (Result, error) {
	checked, err := r.check(p)
	if err != nil {
		return Result{}, err
	}
	result := Result{Files: map[string][]byte{}}
	for i, syntax := range checked.syntax {
		f := checked.file(i)
		var text string
		if mode == Yield {
			text = f.withYields(syntax)
		} else {
			text = f.rewritten(syntax)
		}
		result.Files[checked.names[i]] = []byte(text)
		result.Refusals = append(result.Refusals, f.refusals...)
		if err := r.copyImports(syntax); err != nil {
			return Result{}, err
		}
	}
	return result, nil
}

// checked is a package with its types.
type checked struct {
	rewriter *Rewriter
	names    []string
	syntax   []*ast.File
	sources  [][]byte
	types    *types.Package
	info     *types.Info
	restarts bool
}

func (r *Rewriter) check(p Package) (*checked, error) {
	c := &checked{rewriter: r, names: slices.Sorted(maps.Keys(p.Files)), restarts: p.Restarts}
	for _, name := range c.names {
		source := p.Files[name]
		syntax, err := parser.ParseFile(r.fset, filepath.Join(p.Dir, name), source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		c.syntax, c.sources = append(c.syntax, syntax), append(c.sources, source)
	}
	c.info = &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Instances:  map[*ast.Ident]types.Instance{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Implicits:  map[ast.Node]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes:     map[ast.Node]*types.Scope{},
	}
	var errs []error
	config := types.Config{
		Importer:  r.importer,
		GoVersion: r.config.GoVersion,
		Error:     func(err error) { errs = append(errs, err) },
	}
	c.types, _ = config.Check(p.Path, r.fset, c.syntax, c.info)
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	r.importer.rewritten[p.Path] = c.types
	return c, nil
}

func (c *checked) file(i int) *file {
	return &file{
		checked: c,
		name:    c.names[i],
		source:  c.sources[i],
		tokens:  c.rewriter.fset.File(c.syntax[i].FileStart),
		imports: map[string]bool{},
		renamed: map[types.Object]string{},
	}
}

// moved returns where the package at an import path is found by rewritten files.
func (r *Rewriter) moved(path string) (string, bool) {
	if to, ok := r.config.Moved[path]; ok {
		return to, true
	}
	if r.config.CopyPath != "" && copiedPackages[path] {
		return r.config.CopyPath + strings.TrimPrefix(path, "golang.org/x/sync"), true
	}
	return "", false
}
