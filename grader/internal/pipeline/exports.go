package pipeline

import (
	"context"
	"go/parser"
	"go/token"
	"maps"
	"path"
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

// loadExports returns where the compiled export data is of every package that a
// submission or a hidden test may import. The first time on a machine this compiles
// the race-enabled standard library.
func (g *Grader) loadExports(ctx context.Context) ([]rewrite.Dependency, error) {
	packages, err := importable(g.Course)
	if err != nil {
		return nil, err
	}
	machine, err := g.machine()
	if err != nil {
		return nil, err
	}
	key := cache.NewKey("exports", machine, g.Tools.Cache, strings.Join(packages, " ")).Sum()
	var exports []rewrite.Dependency
	if g.Cache.Get("exports", key, &exports) && gotest.Present(exports) {
		return exports, nil
	}
	if err := g.Tools.CheckCompiler(); err != nil {
		return nil, err
	}
	free, err := g.slot(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	const soon = 8 // packages; fewer is a matter of seconds and needs no word
	exports, err = g.Tools.Exports(ctx, g.Course.Root, packages, func(compiled int) {
		if compiled >= soon {
			g.Tell.Compiling(compiled)
		}
	})
	if err != nil {
		return nil, err
	}
	return exports, g.Cache.Put("exports", key, exports)
}

// importable lists what the chapters' manifests allow and what their hidden tests import.
func importable(c *course.Course) ([]string, error) {
	set := map[string]bool{"lockstep/grader/interleave/rt": true, "lockstep/grader/exam": true}
	for _, ch := range c.Chapters {
		for _, path := range ch.Manifest.Imports {
			set[path] = true
		}
		names, err := ch.HiddenFiles(c.Root)
		if err != nil {
			continue // a chapter that is not complete; nobody grades it
		}
		for _, name := range names {
			file := filepath.Join(c.Root, ch.Folder, "hidden", name)
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
			if err != nil {
				return nil, err
			}
			for _, imp := range f.Imports {
				imported, err := strconv.Unquote(imp.Path.Value)
				if err != nil {
					return nil, err
				}
				if !strings.HasPrefix(imported, course.Name+"/"+path.Dir(ch.Folder)+"/") {
					set[imported] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(set)), nil
}

// once calls f until it has succeeded, and keeps that result. A context that was
// cancelled for one caller does not spoil the next.
func once[T any](f func(context.Context) (T, error)) func(context.Context) (T, error) {
	var mu sync.Mutex
	var kept T
	var done bool
	return func(ctx context.Context) (T, error) {
		mu.Lock()
		defer mu.Unlock()
		if done {
			return kept, nil
		}
		v, err := f(ctx)
		if err == nil {
			kept, done = v, true
		}
		return v, err
	}
}
