package selfcheck

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lockstep/grader/internal/course"
	"lockstep/grader/internal/hints"
	"lockstep/grader/internal/skeleton"
)

// The least that a chapter brings of each kind of solution.
const (
	minWrong = 6
	minRight = 2
)

// layout checks what can be checked of a chapter without building it.
func layout(dir string, ch *course.Chapter) []Problem {
	var found []Problem
	add := func(where, format string, args ...any) {
		found = append(found, Problem{ch.ID, where, fmt.Sprintf(format, args...)})
	}
	chapter := filepath.Join(dir, "chapters", ch.ID)
	solutions := filepath.Join(dir, "solutions", ch.ID)

	for _, name := range ch.Manifest.Files {
		handedOut, err := os.ReadFile(filepath.Join(chapter, name))
		if err != nil || !bytes.Equal(handedOut, ch.Skeleton[name]) {
			add(name, "it is not the skeleton in testdata/skeleton/%s", name)
		}
		if _, err := os.Stat(filepath.Join(solutions, name)); err != nil {
			add(name, "there is no reference solutions/%s/%s", ch.ID, name)
		}
	}
	for _, p := range stray(chapter, append([]string{"README.md", "chapter.yaml", "hints.md", "example_test.go", "hidden", "testdata"}, ch.Manifest.Files...)) {
		add(p, "no chapter has a file of this name")
	}
	for _, p := range stray(solutions, append([]string{"testdata"}, ch.Manifest.Files...)) {
		add("solutions/"+p, "no solution has a file of this name")
	}
	for _, name := range []string{"README.md", "hints.md", "example_test.go"} {
		if _, err := os.Stat(filepath.Join(chapter, name)); err != nil {
			add(name, "it is missing")
		}
	}
	for kind, least := range map[string]int{"wrong": minWrong, "right": minRight} {
		files, _ := filepath.Glob(filepath.Join(solutions, "testdata", kind, "*.go"))
		if len(files) < least {
			add("solutions/testdata/"+kind, "%d solutions, want %d or more", len(files), least)
		}
	}
	return append(found, todos(chapter, ch)...)
}

// todos checks that skeleton, checks and hints are about the same TODOs.
func todos(chapter string, ch *course.Chapter) []Problem {
	var found []Problem
	add := func(where, format string, args ...any) {
		found = append(found, Problem{ch.ID, where, fmt.Sprintf(format, args...)})
	}
	inSkeleton := skeleton.Todos(ch.Skeleton)
	var inChecks []string
	for _, k := range ch.Checks {
		inChecks = append(inChecks, k.Todo)
		if !slices.Contains(inSkeleton, k.Todo) {
			add("hidden", "%s is about TODO(%s), which the skeleton does not have", k.Name, k.Todo)
		}
	}
	data, err := os.ReadFile(filepath.Join(chapter, "hints.md"))
	if err != nil {
		return found // layout has said so
	}
	all, err := hints.Parse(data)
	if err != nil {
		add("hints.md", "%v", err)
	}
	number := strings.TrimLeft(ch.ID[:2], "0")
	for _, todo := range inSkeleton {
		if !strings.HasPrefix(todo, number+".") {
			add("skeleton", "TODO(%s) does not begin with the chapter's number", todo)
		}
		if !slices.Contains(inChecks, todo) {
			add("hidden", "no check is about TODO(%s)", todo)
		}
		if err == nil && all[todo] == nil {
			add("hints.md", "there are no hints for TODO(%s)", todo)
		}
	}
	for todo := range all {
		if !slices.Contains(inSkeleton, todo) {
			add("hints.md", "there are hints for %s, which the skeleton does not have", todo)
		}
	}
	return found
}

// stray returns what is in dir besides the names allowed.
func stray(dir string, allowed []string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // that it is missing is said of each file in it
	}
	var out []string
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out
}
