package release

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/course"
)

// released writes an edition of a small course and lists its files.
func released(t *testing.T, o Options) map[string]string {
	t.Helper()
	from := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module lockstep\n", "go.sum": "", "Makefile": "all:\n", "LICENSE": "MIT", ".gitignore": "/bin/\n",
		"README.md":                              "# Course\n\n## For instructors\n\nsecret\n\n## Licence\n\nMIT.\n",
		"CONTRIBUTING.md":                        "for authors",
		"chapters/01-a/chapter.yaml":             "title: A\nminutes: 5\nfiles: [a.go]\n",
		"chapters/01-a/README.md":                "notes",
		"chapters/01-a/a.go":                     "package a // an answer in progress\n",
		"chapters/01-a/a_old.go":                 "package a // another\n",
		"chapters/01-a/testdata/skeleton/a.go":   "package a // TODO(1.1)\n",
		"chapters/01-a/testdata/.a.go.swp":       "left about",
		"chapters/01-a/hidden/a_test.go":         "package hidden\n\n// TestA checks that a is a.\n//\n//grade:todo 1.1\nfunc TestA(t *testing.T) {}\n",
		"solutions/01-a/a.go":                    "package a // the reference\n",
		"solutions/01-a/testdata/wrong/b.go":     "package a // wrong\n",
		"grader/main.go":                         "package main\n",
		"grader/main_test.go":                    "package main\n",
		"grader/author.mk":                       "test:\n",
		"grader/internal/synthetic/x.go":         "package synthetic\n",
		"grader/internal/report/pages/class.css": "",
		"grader/internal/report/testdata/x.txt":  "golden",
		"grader/testdata/demo/chapters/x.go":     "package x\n",
		"grader/testdata/hostile/x.go":           "package x\n",
		"grader/scripts/go.mod":                  "module scripts\n",
	} {
		to := filepath.Join(from, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(to), 0o755))
		require.NoError(t, os.WriteFile(to, []byte(text), 0o644))
	}
	c, err := course.Load(from)
	require.NoError(t, err)
	dir := filepath.Join(t.TempDir(), "edition")
	require.NoError(t, Write(c, dir, o))
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			below, _ := filepath.Rel(dir, path)
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			out[filepath.ToSlash(below)] = string(data)
		}
		return err
	}))
	return out
}

func TestAnEditionHasNoAnswers(t *testing.T) {
	files := released(t, Options{})
	var names []string
	for name := range files {
		names = append(names, name)
	}
	assert.ElementsMatch(t, []string{
		"go.mod", "go.sum", "Makefile", "LICENSE", ".gitignore", "README.md", ".github/workflows/grade.yml",
		"chapters/01-a/chapter.yaml", "chapters/01-a/README.md", "chapters/01-a/a.go", "chapters/01-a/testdata/skeleton/a.go", "chapters/01-a/hidden/a_test.go",
		"grader/main.go", "grader/internal/report/pages/class.css", "grader/testdata/demo/chapters/x.go",
	}, names)
	assert.Equal(t, "package a // TODO(1.1)\n", files["chapters/01-a/a.go"], "the skeleton, and no answer in progress")
	assert.Equal(t, "# Course\n\n## Licence\n\nMIT.\n", files["README.md"])
}

func TestAnEditionWithoutHiddenTests(t *testing.T) {
	for name := range released(t, Options{WithoutHidden: true}) {
		assert.False(t, strings.Contains(name, "hidden"), name)
		assert.NotEqual(t, ".github/workflows/grade.yml", name, "there is nothing to grade with")
	}
}

func TestRefused(t *testing.T) {
	c, err := course.Load("../../..")
	require.NoError(t, err)
	full := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(full, "x"), nil, 0o644))
	require.ErrorIs(t, Write(c, full, Options{}), ErrNotEmpty)
	require.ErrorContains(t, Write(c, filepath.Join(c.Dir, "edition"), Options{}), "inside of the course")
	require.NoDirExists(t, filepath.Join(c.Dir, "edition"))
	file := filepath.Join(full, "x")
	require.Error(t, Write(c, file, Options{}))
}
