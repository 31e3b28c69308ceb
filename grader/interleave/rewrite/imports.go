package rewrite

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// importRuntime returns the imports that rewritten text needs, for the line of the
// package clause. Package rt is imported by every file, used or not: it makes the
// package's initialisation come after the grader's.
func (f *file) importRuntime() string {
	text := fmt.Sprintf("; import %srt %q", prefix, f.rewriter.config.Runtime)
	for _, path := range slices.Sorted(maps.Keys(f.imports)) {
		text += fmt.Sprintf("; import %s %q", extraName(path), path)
	}
	return text
}

// extraImport returns the name by which rewritten text may refer to a package that the
// file need not import itself.
func (f *file) extraImport(path string) string {
	f.imports[path] = true
	return extraName(path)
}

func extraName(path string) string {
	return prefix + "pkg_" + strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(path)
}

func (f *file) importSpec(spec *ast.ImportSpec) string {
	path, _ := strconv.Unquote(spec.Path.Value)
	if path == "C" {
		f.refuse(spec, "cgo")
	}
	to, ok := f.rewriter.moved(path)
	if !ok {
		return f.original(spec)
	}
	return string(f.between(spec.Pos(), spec.Path.Pos())) + strconv.Quote(to)
}

// keepAlive returns declarations that use each import whose uses may be gone.
func (f *file) keepAlive(syntax *ast.File) string {
	text := "\nvar _ = " + rt + "Gosched\n"
	for _, spec := range syntax.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		name, ok := f.importName(spec)
		if !ok || !rewrittenPackages[path] {
			continue
		}
		text += use(name)
	}
	return text
}

func (f *file) importName(spec *ast.ImportSpec) (*types.PkgName, bool) {
	object := f.info.Implicits[spec]
	if spec.Name != nil {
		if spec.Name.Name == "_" {
			return nil, false
		}
		object = f.info.Defs[spec.Name]
		if spec.Name.Name == "." { // recorded as an implicit object in some versions
			if o := f.info.Implicits[spec]; o != nil {
				object = o
			}
		}
	}
	name, ok := object.(*types.PkgName)
	return name, ok
}

// use returns a declaration that uses the imported package and nothing else.
func use(name *types.PkgName) string {
	qualifier := name.Name() + "."
	if name.Name() == "." {
		qualifier = ""
	}
	scope := name.Imported().Scope()
	for _, n := range scope.Names() {
		switch o := scope.Lookup(n).(type) {
		case *types.TypeName:
			if named, ok := types.Unalias(o.Type()).(*types.Named); ok && o.Exported() && named.TypeParams().Len() == 0 {
				return "var _ " + qualifier + n + "\n"
			}
		}
	}
	if name.Imported().Path() == "maps" { // has generic functions only
		return "var _ = " + qualifier + "Keys[map[int]int]\n"
	}
	return ""
}
