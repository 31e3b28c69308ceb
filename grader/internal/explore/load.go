package explore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// listed is a package as go list prints it.
type listed struct {
	ImportPath, Dir, Name  string
	GoFiles, TestGoFiles   []string
	XTestGoFiles, CgoFiles []string
	SFiles, HFiles         []string
	Imports                []string
	TestImports            []string
	XTestImports           []string
	Standard               bool
	Module                 *struct {
		Path, Dir, GoVersion string
		Main                 bool
	}
}

const listFields = "-json=ImportPath,Dir,Name,GoFiles,TestGoFiles,XTestGoFiles,CgoFiles,SFiles,HFiles,Imports,TestImports,XTestImports,Standard,Module"

// tags are the build tags of everything that is explored.
const tags = "interleave"

// oldest is the language version that rewritten code needs: functions in range clauses.
const oldest = "go1.23"

// target is the package to explore.
type target struct {
	Path   string
	dir    string // where the go command runs
	own    listed
	module string   // path of its module
	root   string   // directory of its module
	deps   []listed // packages of its module, itself among them, imported ones first
}

func load(ctx context.Context, o Options) (*target, error) {
	found, err := list(ctx, o.Dir, o.Package)
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%s is %d packages; explore takes one", o.Package, len(found))
	}
	own := found[0]
	if own.Module == nil || !own.Module.Main {
		return nil, fmt.Errorf("%s is not in the module of this directory", o.Package)
	}
	if len(own.TestGoFiles)+len(own.XTestGoFiles) == 0 {
		return nil, fmt.Errorf("%s has no tests", own.ImportPath)
	}
	if v := goVersion(own); v != "" && version.Compare(v, oldest) < 0 {
		return nil, fmt.Errorf("%s is written in %s, and explore needs %s: raise the go line of its go.mod", own.ImportPath, v, oldest)
	}
	t := &target{Path: own.ImportPath, dir: own.Dir, own: own, module: own.Module.Path, root: own.Module.Dir}
	patterns := append([]string{own.ImportPath}, own.TestImports...)
	for _, path := range own.XTestImports {
		if path != own.ImportPath {
			patterns = append(patterns, path)
		}
	}
	all, err := list(ctx, own.Dir, append([]string{"-deps"}, patterns...)...)
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.Module != nil && p.Module.Main && !instrument(p.ImportPath) {
			t.deps = append(t.deps, p)
		}
	}
	t.deps = inOrder(t.deps, t.Path)
	if !slices.ContainsFunc(t.deps, func(p listed) bool { return p.ImportPath == t.Path }) {
		return nil, fmt.Errorf("%s is part of what explores and cannot be explored", t.Path)
	}
	return t, nil
}

// inOrder returns the packages such that imported ones come first, also those that the
// tests within the package own import.
func inOrder(packages []listed, own string) []listed {
	byPath := map[string]listed{}
	for _, p := range packages {
		byPath[p.ImportPath] = p
	}
	var ordered []listed
	seen := map[string]bool{}
	var visit func(path string)
	visit = func(path string) {
		p, ok := byPath[path]
		if !ok || seen[path] {
			return
		}
		seen[path] = true
		imports := p.Imports
		if path == own {
			imports = slices.Concat(p.Imports, p.TestImports)
		}
		for _, i := range imports {
			visit(i)
		}
		ordered = append(ordered, p)
	}
	for _, p := range packages {
		visit(p.ImportPath)
	}
	return ordered
}

// instrument tells whether a package is part of the explorer, which must not be
// rewritten.
func instrument(path string) bool {
	for _, p := range []string{"lockstep/grader/exam/wire", "lockstep/grader/interleave"} {
		if path == p {
			return true
		}
	}
	for _, p := range []string{"rt", "lanes", "internal"} {
		if path == "lockstep/grader/interleave/"+p || strings.HasPrefix(path, "lockstep/grader/interleave/"+p+"/") {
			return true
		}
	}
	return false
}

// list runs go list in dir.
func list(ctx context.Context, dir string, args ...string) ([]listed, error) {
	out, err := goCommand(ctx, dir, append([]string{"list", "-race", "-tags", tags, listFields}, args...)...)
	if err != nil {
		return nil, err
	}
	var found []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			return found, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		found = append(found, p)
	}
}

// goCommand runs the user's go command and returns its output; its error is what the
// command said.
func goCommand(ctx context.Context, dir string, args ...string) ([]byte, error) {
	return goCommandEnv(ctx, dir, nil, args...)
}

// goCommandEnv is goCommand with more environment.
func goCommandEnv(ctx context.Context, dir string, env []string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		if said := strings.TrimSpace(stderr.String()); said != "" {
			return nil, errors.New(said)
		}
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return out, nil
}
