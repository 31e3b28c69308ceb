package course

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func demo(t *testing.T) *Course {
	c, err := Load(filepath.Join("..", "..", "testdata", "demo"))
	require.NoError(t, err)
	return c
}

func TestLoadReadsACourseBelowItsModule(t *testing.T) {
	c := demo(t)
	require.Len(t, c.Chapters, 6)
	ch := c.Chapters[0]
	require.Equal(t, "01-counter", ch.ID)
	require.Equal(t, "grader/testdata/demo/chapters/01-counter", ch.Folder)
	require.Equal(t, "lockstep/grader/testdata/demo/chapters/01-counter", ch.PackagePath())
	require.Equal(t, []Check{{Name: "TestCount", Title: "no count is lost", Todo: "1.1", Points: 4}}, ch.Checks)
	require.Contains(t, string(ch.Skeleton["counter.go"]), "TODO(1.1)")
	_, err := os.Stat(filepath.Join(c.Root, "go.mod"))
	require.NoError(t, err)
}

func TestSelect(t *testing.T) {
	c := demo(t)
	for _, name := range []string{"03-purses", "3", "03", "purses", "chapters/03-purses/"} {
		got, err := c.Select(name)
		require.NoError(t, err, name)
		require.Equal(t, "03-purses", got[0].ID, name)
	}
	got, err := c.Select("6", "1", "counter")
	require.NoError(t, err)
	require.Len(t, got, 2, "each once, in course order")
	require.Equal(t, "01-counter", got[0].ID)
}

func TestUnknownNamesSuggestTheNearest(t *testing.T) {
	c := demo(t)
	for name, want := range map[string]string{"pursse": "03-purses", "03-purse": "03-purses", "wholly-elsewhere": ""} {
		_, err := c.Select(name)
		var unknown *UnknownError
		require.ErrorAs(t, err, &unknown)
		require.Equal(t, want, unknown.Nearest, name)
	}
	_, _, err := c.FindCheck("TestCuont")
	require.ErrorContains(t, err, "TestCount")
	_, err = c.FindTodo("1.2")
	require.ErrorContains(t, err, "1.1")
}

// course writes a course of one chapter and returns its folder.
func course(t *testing.T, manifest, hidden string) string {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                               "module lockstep\n",
		"chapters/01-a/chapter.yaml":           manifest,
		"chapters/01-a/testdata/skeleton/a.go": "package a\n",
		"chapters/01-a/hidden/a_test.go":       hidden,
	} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return dir
}

const (
	goodManifest = "title: A\nminutes: 1\nfiles: [a.go]\n"
	goodHidden   = "package hidden\n\n// TestA checks that a is a.\n// It does more.\n//\n//grade:todo 1.1\n//grade:points 2\nfunc TestA(t *testing.T) {}\n" +
		"\n// TestB checks that b follows.\n//\n//grade:todo 1.2\n//grade:needs TestA\nfunc TestB(t *testing.T) {}\n\nfunc TestMain(m *testing.M) {}\nfunc helper() {}\n"
)

func TestRoster(t *testing.T) {
	c, err := Load(course(t, goodManifest, goodHidden))
	require.NoError(t, err)
	require.Equal(t, []Check{
		{Name: "TestA", Title: "a is a", Todo: "1.1", Points: 2},
		{Name: "TestB", Title: "b follows", Todo: "1.2", Points: 1, Needs: []string{"TestA"}},
	}, c.Chapters[0].Checks)
	require.Equal(t, 3, c.Chapters[0].MaxPoints())
}

func TestBadCoursesAreRefusedWithTheReason(t *testing.T) {
	check := "package hidden\n\n// TestA checks that a is a.\n//\n"
	for name, c := range map[string]struct{ manifest, hidden, want string }{
		"no title":             {"minutes: 1\nfiles: [a.go]\n", goodHidden, "title is missing"},
		"no files":             {"title: A\nminutes: 1\n", goodHidden, "files is empty"},
		"a path as a file":     {"title: A\nminutes: 1\nfiles: [../a.go]\n", goodHidden, "not the name of a Go file"},
		"a test as a file":     {"title: A\nminutes: 1\nfiles: [a_test.go]\n", goodHidden, "a_test.go"},
		"an unknown key":       {goodManifest + "colour: red\n", goodHidden, "colour"},
		"no comment":           {goodManifest, "package hidden\nfunc TestA(t *testing.T) {}\n", "no doc comment"},
		"no sentence":          {goodManifest, "package hidden\n// TestA is good.\nfunc TestA(t *testing.T) {}\n", "must begin with"},
		"no todo":              {goodManifest, check + "//grade:points 1\nfunc TestA(t *testing.T) {}\n", "no //grade:todo"},
		"a bad todo":           {goodManifest, check + "//grade:todo five\nfunc TestA(t *testing.T) {}\n", "not of the form 5.3"},
		"negative points":      {goodManifest, check + "//grade:todo 1.1\n//grade:points -1\nfunc TestA(t *testing.T) {}\n", "not a number of points"},
		"too many points":      {goodManifest, check + "//grade:todo 1.1\n//grade:points 1001\nfunc TestA(t *testing.T) {}\n", "up to 1000"},
		"an unknown directive": {goodManifest, check + "//grade:bonus 1\nfunc TestA(t *testing.T) {}\n", "unknown directive"},
		"needs a later one":    {goodManifest, check + "//grade:todo 1.1\n//grade:needs TestB\nfunc TestA(t *testing.T) {}\n", "no check before it"},
	} {
		t.Run(name, func(t *testing.T) {
			loaded, err := Load(course(t, c.manifest, c.hidden))
			require.NoError(t, err)
			_, err = loaded.Select()
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, "chapters/01-a")
		})
	}
}

func TestABrokenChapterSpoilsNoOther(t *testing.T) {
	dir := course(t, goodManifest, goodHidden)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "chapters", "02-b"), 0o755))
	c, err := Load(dir)
	require.NoError(t, err)
	got, err := c.Select("1")
	require.NoError(t, err)
	require.Len(t, got, 1)
	_, err = c.Select("2")
	require.ErrorContains(t, err, "chapters/02-b")
}

func TestFindWalksUp(t *testing.T) {
	dir := course(t, goodManifest, goodHidden)
	got, err := Find(filepath.Join(dir, "chapters", "01-a"))
	require.NoError(t, err)
	require.Equal(t, dir, got)
	_, err = Find(t.TempDir())
	require.ErrorIs(t, err, ErrNoCourse)
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte(goodManifest))
	f.Add([]byte("title: [\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := parseManifest(data); err == nil {
			require.NotEmpty(t, m.Files)
			require.Positive(t, m.Minutes)
		}
	})
}

func FuzzRoster(f *testing.F) {
	f.Add([]byte(goodHidden))
	f.Add([]byte("package hidden\n\n// TestA checks that a is a.\n//\n//grade:todo 1.1\n//grade:points 9999999999999999999\nfunc TestA(t *testing.T) {}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		checks, err := parseRoster("a_test.go", data)
		if err != nil {
			return
		}
		for _, k := range checks {
			require.NotEmpty(t, k.Todo)
			require.NotEmpty(t, k.Title)
			require.GreaterOrEqual(t, k.Points, 0)
		}
	})
}

// TestImports adds what a chapter lists to what every chapter may import, each once.
func TestImports(t *testing.T) {
	m, err := parseManifest([]byte(goodManifest + "imports: [os, sync]\n"))
	require.NoError(t, err)
	for _, path := range []string{"os", "sync", "runtime"} {
		n := 0
		for _, p := range m.Imports {
			if p == path {
				n++
			}
		}
		require.Equal(t, 1, n, path)
	}
	require.NotContains(t, m.Imports, "os/exec")
}

func TestFindCheck(t *testing.T) {
	c := &Course{Chapters: []Chapter{
		{ID: "01-a", Checks: []Check{{Name: "TestRun"}, {Name: "TestOne"}}},
		{ID: "02-b", Checks: []Check{{Name: "TestRun"}}},
	}}
	for name, want := range map[string]string{
		"TestOne": "01-a", "one": "01-a", "01-a/TestRun": "01-a", "02-b/TestRun": "02-b", "2/TestRun": "02-b", "b/run": "02-b",
	} {
		ch, k, err := c.FindCheck(name)
		require.NoError(t, err, name)
		require.Equal(t, want, ch.ID, name)
		require.Contains(t, []string{"TestRun", "TestOne"}, k.Name, name)
	}
	_, _, err := c.FindCheck("TestRun")
	var ambiguous *AmbiguousError
	require.ErrorAs(t, err, &ambiguous)
	require.Equal(t, []string{"01/TestRun", "02/TestRun"}, ambiguous.Checks)
	for _, name := range []string{"02-b/TestOne", "3/TestRun", "nowhere/TestOne"} {
		_, _, err = c.FindCheck(name)
		require.ErrorAs(t, err, new(*UnknownError), name)
	}
}
