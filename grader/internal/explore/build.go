package explore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lockstep/grader/interleave/rewrite"
)

// built is a test binary whose tests explore.
type built struct {
	binary string
	dir    string   // where the tests run
	tests  []string // in the order of the sources
}

// build rewrites the target and builds its tests beneath work.
func (t *target) build(ctx context.Context, o Options, work string) (*built, error) {
	if len(t.own.CgoFiles) > 0 {
		return nil, fmt.Errorf("%s uses cgo", t.Path)
	}
	files := &overlay{work: work, replace: map[string]string{}}
	args := []string{"test", "-c", "-race", "-vet=off", "-tags", tags}
	var env []string
	own := t.root // of the module with the explorer's packages
	if t.module != ownModule {
		var err error
		if own, err = instrumentDir(ctx); err != nil {
			return nil, err
		}
		joined, err := t.workspace(ctx, own, work)
		if err != nil {
			return nil, err
		}
		env, args = []string{"GOWORK=" + joined}, append(args, "-mod=readonly")
	}
	b := &built{binary: filepath.Join(work, "test.exe"), dir: t.own.Dir}
	if err := t.rewrite(ctx, o, own, files, b); err != nil {
		return nil, err
	}
	name, err := files.write()
	if err != nil {
		return nil, err
	}
	_, err = goCommandEnv(ctx, t.dir, env, append(args, "-overlay", name, "-o", b.binary, t.Path)...)
	return b, err
}

// rewrite adds the rewritten files of the target and of what it imports in its module.
func (t *target) rewrite(ctx context.Context, o Options, own string, files *overlay, b *built) error {
	known, err := t.dependencies(ctx)
	if err != nil {
		return err
	}
	r := rewrite.New(rewrite.Config{
		Dependencies: known,
		GoVersion:    goVersion(t.own),
		CopyPath:     copiesPath,
		CopyDir:      filepath.Join(own, filepath.FromSlash(strings.TrimPrefix(copiesPath, ownModule+"/"))),
	})
	for _, p := range t.deps {
		names := p.GoFiles
		if p.ImportPath == t.Path {
			names = slices.Concat(p.GoFiles, p.TestGoFiles)
		}
		if err := t.rewritePackage(r, o, files, b, p.ImportPath, p.Dir, names); err != nil {
			return err
		}
	}
	if err := t.rewritePackage(r, o, files, b, t.Path+"_test", t.own.Dir, t.own.XTestGoFiles); err != nil {
		return err
	}
	for name, text := range r.Copies() {
		if err := files.add(name, text); err != nil {
			return err
		}
	}
	return nil
}

func (t *target) rewritePackage(r *rewrite.Rewriter, o Options, files *overlay, b *built, path, dir string, names []string) error {
	p := rewrite.Package{Path: path, Dir: dir, Files: map[string][]byte{}}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		p.Files[name] = text
	}
	if len(names) == 0 {
		return nil
	}
	result, err := r.Rewrite(p, rewrite.Control)
	if err != nil {
		return err
	}
	if len(result.Refusals) > 0 {
		err := errors.New(path + " cannot be explored:")
		for _, refusal := range result.Refusals {
			err = fmt.Errorf("%w\n%s", err, refusal)
		}
		return err
	}
	for _, name := range names { // in the order of the sources
		text := result.Files[name]
		if dir == t.own.Dir {
			w := wrapper{schedules: o.Schedules}
			if text, err = w.wrap(name, text); err != nil {
				return err
			}
			b.tests = append(b.tests, w.tests...)
		}
		if err := files.add(filepath.Join(dir, name), text); err != nil {
			return err
		}
	}
	return nil
}

// dependencies lists the compiled packages that the target's and its tests' files import.
func (t *target) dependencies(ctx context.Context) ([]rewrite.Dependency, error) {
	rewritten := map[string]bool{}
	for _, p := range t.deps {
		rewritten[p.ImportPath] = true
	}
	paths := map[string]bool{}
	note := func(list []string) {
		for _, path := range list {
			if path != "C" && path != "unsafe" && !rewritten[path] {
				paths[path] = true
			}
		}
	}
	for _, p := range t.deps {
		note(p.Imports)
	}
	note(t.own.TestImports)
	note(t.own.XTestImports)
	patterns := []string{"sync"} // which the rewriter asks about
	for path := range paths {
		patterns = append(patterns, path)
	}
	slices.Sort(patterns)
	return rewrite.List(ctx, t.dir, patterns...)
}

// goVersion returns the language version of a package's module.
func goVersion(p listed) string {
	if p.Module.GoVersion == "" {
		return ""
	}
	return "go" + p.Module.GoVersion
}
