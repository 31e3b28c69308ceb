package synthetic

import (
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/course"
)

func class(t *testing.T, seed uint64, spread Spread) *Class {
	t.Helper()
	c, err := course.Load("../../..")
	require.NoError(t, err)
	out, err := New(c, seed, spread)
	require.NoError(t, err)
	return out
}

func TestAForkIsAlwaysTheSame(t *testing.T) {
	a, b := class(t, 1, Realistic), class(t, 1, Realistic)
	for i := 40; i >= 0; i-- {
		assert.Equal(t, a.Fork(40-i), b.Fork(40-i))
	}
	assert.NotEqual(t, a.Fork(3), class(t, 2, Realistic).Fork(3), "another seed is another class")
}

// A realistic class has everything in it that a grader meets.
func TestARealisticClass(t *testing.T) {
	c := class(t, 1, Realistic)
	kinds, work, content := map[string]int{}, map[string]int{}, map[string]bool{}
	total := 0
	for i := range 400 {
		f := c.Fork(i)
		kinds[f.Kind]++
		for _, name := range f.Work {
			word, _, _ := strings.Cut(strings.ReplaceAll(name, "/", " "), " ")
			work[word]++
		}
		for path, text := range f.Files {
			content[path+text] = true
			total++
		}
	}
	for _, kind := range []string{"untouched", "under way", "done", "hostile"} {
		assert.Positive(t, kinds[kind], kind)
	}
	for _, word := range []string{"skeleton", "reference", "right", "wrong", "renamed", "half", "broken", "hostile"} {
		assert.Positive(t, work[word], word)
	}
	t.Logf("%d forks, %d files, %d different: %v %v", 400, total, len(content), kinds, work)
}

func TestADifferentClass(t *testing.T) {
	c := class(t, 1, Different)
	content := map[string]bool{}
	for i := range 50 {
		files := c.Fork(i).Files
		for _, ch := range c.chapters { // of a chapter's files one is enough
			path := "chapters/" + ch.id + "/" + ch.file
			require.False(t, content[path+files[path]], path)
			content[path+files[path]] = true
		}
	}
	assert.Len(t, content, 50*len(c.chapters))
}

// What is renamed and what is half done compiles as far as Go's own parser and vet of
// names can tell; that it does the same is the grader's to see.
func TestChangesCompile(t *testing.T) {
	c := class(t, 1, Different)
	dir := t.TempDir()
	overlay := map[string]string{}
	for i := range c.chapters {
		ch := &c.chapters[i]
		for _, s := range append([]source{ch.reference}, ch.right...) {
			r := renamed(s, 7)
			assert.NotEqual(t, s.text, r.text)
			_, err := parser.ParseFile(token.NewFileSet(), "", r.text, 0)
			assert.NoError(t, err, "%s %s", ch.id, s.name)
		}
		overlay[ch.id] = renamed(ch.reference, 7).text
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module lockstep\n\ngo 1.26\n"), 0o644))
	for i := range c.chapters {
		ch := &c.chapters[i]
		at := filepath.Join(dir, ch.id)
		require.NoError(t, os.MkdirAll(at, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(at, ch.file), []byte(overlay[ch.id]), 0o644))
		for name, text := range ch.finished {
			require.NoError(t, os.WriteFile(filepath.Join(at, name), []byte(text), 0o644))
		}
	}
	build := exec.Command("go", "build", "./...")
	build.Dir = dir
	out, err := build.CombinedOutput()
	assert.NoError(t, err, "%s", out)
}

func TestWrite(t *testing.T) {
	c := class(t, 1, Realistic)
	f := c.Fork(1)
	f.Files["chapters/link.go"] = linkTo + "/etc/passwd"
	dir := t.TempDir()
	require.NoError(t, f.Write(dir))
	for name, text := range f.Files {
		if strings.HasPrefix(text, linkTo) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Equal(t, text, string(data))
	}
	target, err := os.Readlink(filepath.Join(dir, "chapters/link.go"))
	require.NoError(t, err)
	assert.Equal(t, "/etc/passwd", target)

	bare := filepath.Join(t.TempDir(), "bare")
	require.NoError(t, f.Bare(t.Context(), bare))
	out, err := exec.Command("git", "-C", bare, "ls-tree", "-r", "--name-only", "main").Output()
	require.NoError(t, err)
	assert.Equal(t, slices.Sorted(maps.Keys(f.Files)), strings.Fields(string(out)))
	one, err := exec.Command("git", "-C", bare, "rev-parse", "main").Output()
	require.NoError(t, err)
	again := filepath.Join(t.TempDir(), "again")
	require.NoError(t, f.Bare(t.Context(), again))
	two, err := exec.Command("git", "-C", again, "rev-parse", "main").Output()
	require.NoError(t, err)
	assert.Equal(t, string(one), string(two), "the same fork is the same commit")
}
