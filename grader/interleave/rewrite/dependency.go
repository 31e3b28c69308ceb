package rewrite

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	gcimporter "go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// Dependency is one package that rewritten code may import, as go list prints it.
type Dependency struct {
	ImportPath string
	Export     string   // file of export data in the build cache
	Dir        string   // directory of the sources
	GoFiles    []string // sources, by name
}

// ListArgs are the arguments of the go command that prints dependencies as a stream of
// JSON; patterns follow. They name export data of race builds, which the build of a
// graded test binary needs anyway.
var ListArgs = []string{"list", "-export", "-deps", "-race", "-json=ImportPath,Export,Dir,GoFiles"}

// List runs the go command in dir and returns the packages that match the patterns and
// everything they import. The result holds for as long as the build cache keeps its
// files, and may be shared by many Rewriters.
func List(ctx context.Context, dir string, patterns ...string) ([]Dependency, error) {
	cmd := exec.CommandContext(ctx, "go", append(append([]string{}, ListArgs...), patterns...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.Bytes())
	}
	return DecodeList(bytes.NewReader(out))
}

// DecodeList reads what the go command printed when given ListArgs.
func DecodeList(r io.Reader) ([]Dependency, error) {
	var list []Dependency
	for d := json.NewDecoder(r); ; {
		var dependency Dependency
		err := d.Decode(&dependency)
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		list = append(list, dependency)
	}
}

// importer resolves imports: packages already rewritten by their sources, the others by
// export data.
type importer struct {
	rewritten map[string]*types.Package
	known     map[string]Dependency
	compiled  types.Importer
}

func newImporter(fset *token.FileSet, list []Dependency) *importer {
	i := &importer{rewritten: map[string]*types.Package{}, known: map[string]Dependency{}}
	for _, d := range list {
		i.known[d.ImportPath] = d
	}
	i.compiled = gcimporter.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		d, ok := i.known[path]
		if !ok || d.Export == "" {
			return nil, fmt.Errorf("no export data for %q", path)
		}
		return os.Open(d.Export)
	})
	return i
}

func (i *importer) Import(path string) (*types.Package, error) {
	if p, ok := i.rewritten[path]; ok {
		return p, nil
	}
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	return i.compiled.Import(path)
}

// copiedPackages are rewritten as well when rewritten code imports them: their sources
// are in the module cache, where an overlay must not reach, so they are copied.
var copiedPackages = map[string]bool{
	"golang.org/x/sync/errgroup":     true,
	"golang.org/x/sync/semaphore":    true,
	"golang.org/x/sync/singleflight": true,
}

// copyImports adds rewritten copies of the packages that a file imports to r.copies.
func (r *Rewriter) copyImports(syntax *ast.File) error {
	for _, spec := range syntax.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		if r.config.CopyPath == "" || !copiedPackages[path] || r.copied[path] {
			continue
		}
		r.copied[path] = true
		d, ok := r.importer.known[path]
		if !ok {
			return fmt.Errorf("no sources known for %q", path)
		}
		p := Package{Path: path, Dir: d.Dir, Files: map[string][]byte{}}
		for _, name := range d.GoFiles {
			source, err := os.ReadFile(filepath.Join(d.Dir, name))
			if err != nil {
				return err
			}
			p.Files[name] = source
		}
		result, err := r.rewriteCopy(p)
		if err != nil {
			return err
		}
		for name, text := range result.Files {
			r.copies[filepath.Join(r.config.CopyDir, filepath.Base(path), name)] = text
		}
	}
	return nil
}

// rewriteCopy rewrites a dependency without making later packages see other types than
// those of its export data.
func (r *Rewriter) rewriteCopy(p Package) (Result, error) {
	before := r.importer.rewritten[p.Path]
	result, err := r.Rewrite(p, Control)
	if before == nil {
		delete(r.importer.rewritten, p.Path)
	}
	if err == nil && len(result.Refusals) > 0 {
		err = fmt.Errorf("cannot rewrite %s: %v", p.Path, result.Refusals[0])
	}
	return result, err
}
