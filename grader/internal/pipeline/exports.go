package pipeline

import (
	"context"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"lockstep/grader/interleave/rewrite"
	"lockstep/grader/internal/cache"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/gotest"
)

// exports keeps, by import list, where compiled export data is.
type exports struct {
	mu    sync.Mutex // held while compiling: two first compiles would only be in each other's way
	known map[string][]rewrite.Dependency
}

// dependencies returns where the compiled export data is of every package that an
// answer to a chapter or its hidden tests may import. The first time on a machine this
// compiles the race-enabled standard library.
func (g *Grader) dependencies(ctx context.Context, ch *course.Chapter) ([]rewrite.Dependency, error) {
	packages, err := importable(g.Course.Root, ch)
	if err != nil {
		return nil, err
	}
	machine, err := g.machine()
	if err != nil {
		return nil, err
	}
	key := cache.NewKey("exports", machine, g.Tools.Cache, strings.Join(packages, " ")).Sum()
	g.exports.mu.Lock()
	defer g.exports.mu.Unlock()
	if deps, ok := g.exports.known[key]; ok {
		return deps, nil
	}
	var deps []rewrite.Dependency
	if !g.Cache.Get("exports", key, &deps) || !gotest.Present(deps) {
		if deps, err = g.compileDependencies(ctx, packages); err != nil {
			return nil, err
		}
		if err := g.Cache.Put("exports", key, deps); err != nil {
			return nil, err
		}
	}
	g.exports.known[key] = deps
	return deps, nil
}

func (g *Grader) compileDependencies(ctx context.Context, packages []string) ([]rewrite.Dependency, error) {
	if err := g.Tools.CheckCompiler(); err != nil {
		return nil, err
	}
	free, err := g.slot(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	const soon = 8 // packages; fewer is a matter of seconds and needs no word
	return g.Tools.Exports(ctx, g.Course.Root, packages, func(compiled int) {
		if compiled >= soon {
			g.Tell.Compiling(compiled)
		}
	})
}

// importable lists what a chapter's manifest allows and what its hidden tests import.
func importable(root string, ch *course.Chapter) ([]string, error) {
	set := map[string]bool{course.Name + "/grader/interleave/rt": true, course.Name + "/grader/exam": true}
	for _, path := range ch.Manifest.Imports {
		set[path] = true
	}
	names, err := ch.HiddenFiles(root)
	if err != nil {
		return nil, err
	}
	add := func(file string, text any) error {
		f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range f.Imports {
			path, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				return err
			}
			if path != ch.PackagePath() {
				set[path] = true
			}
		}
		return nil
	}
	for _, name := range names {
		if err := add(filepath.Join(root, ch.Folder, "hidden", name), nil); err != nil {
			return nil, err
		}
	}
	for name, data := range ch.Private {
		if err := add(name, data); err != nil {
			return nil, err
		}
	}
	return slices.Sorted(maps.Keys(set)), nil
}
