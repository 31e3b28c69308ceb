package course

import (
	"fmt"
	"go/build"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// privatePrefix stands before the names of private tests among the hidden ones.
const privatePrefix = "private_"

// AddPrivate adds the tests in dir/NN-name/*_test.go, an instructor's own, to the hidden
// tests of those of the chapters, all of the course, that dir has a folder for. The
// course's files are not touched. Such a file is one of the chapter's package hidden, and
// its checks are declared as all are.
func (c *Course) AddPrivate(chapters []Chapter, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	found := map[string]bool{}
	for _, e := range entries {
		if !e.IsDir() || !chapterID.MatchString(e.Name()) {
			continue
		}
		if !slices.ContainsFunc(c.Chapters, func(ch Chapter) bool { return ch.ID == e.Name() }) {
			return fmt.Errorf("%s is no chapter of the course", filepath.Join(dir, e.Name()))
		}
		found[e.Name()] = true
	}
	if len(found) == 0 {
		return fmt.Errorf("%s has no folder that is named like a chapter", dir)
	}
	added := 0
	for i := range chapters {
		ch := &chapters[i]
		if !found[ch.ID] {
			continue
		}
		if err := ch.addPrivate(filepath.Join(dir, ch.ID)); err != nil {
			return fmt.Errorf("%s: %w", filepath.Join(dir, ch.ID), err)
		}
		added++
	}
	if added == 0 {
		return fmt.Errorf("%s has tests for no chapter of this run", dir)
	}
	return nil
}

func (c *Chapter) addPrivate(dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil || len(names) == 0 {
		return fmt.Errorf("no test files")
	}
	c.Private, c.Checks = map[string][]byte{}, slices.Clone(c.Checks)
	context := build.Default
	context.BuildTags = append(slices.Clone(context.BuildTags), "grade")
	for _, name := range names {
		if ok, err := context.MatchFile(dir, filepath.Base(name)); err != nil || !ok {
			return fmt.Errorf("%s would not be compiled here: its build constraint, or its name, excludes it", filepath.Base(name))
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		checks, err := parseRoster(name, data)
		if err != nil {
			return err
		}
		c.Checks = append(c.Checks, checks...)
		c.Private[privatePrefix+strings.TrimLeft(filepath.Base(name), "._")] = data
	}
	return validateRoster(c.Checks)
}

// PrivateFiles returns the names of the chapter's private tests, sorted.
func (c *Chapter) PrivateFiles() []string { return slices.Sorted(maps.Keys(c.Private)) }
