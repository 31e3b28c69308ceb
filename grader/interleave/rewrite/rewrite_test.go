package rewrite

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

const constructsPath = "lockstep/grader/interleave/rewrite/testdata/constructs"

// dependencies lists what the tests' packages import, once.
var dependencies = sync.OnceValues(func() ([]Dependency, error) {
	list, err := List(context.Background(), ".", "./testdata/constructs", "net/http", "os/exec", "container/heap", "database/sql", "testing", "net/rpc", "golang.org/x/sync/...", RuntimePath)
	for _, d := range list {
		if path, ok := strings.CutPrefix(d.ImportPath, "vendor/"); ok { // as net/http imports it
			d.ImportPath = path
			list = append(list, d)
		}
	}
	return list, err
})

func newRewriter(t *testing.T) (r *Rewriter, moduleDir string) {
	t.Helper()
	list, err := dependencies()
	require.NoError(t, err)
	moduleDir, err = filepath.Abs("../../..")
	require.NoError(t, err)
	return New(Config{
		Dependencies: list,
		CopyPath:     "lockstep/grader/interleave/xsync",
		CopyDir:      filepath.Join(moduleDir, "grader/interleave/xsync"),
	}), moduleDir
}

// readPackage returns the sources of a directory.
func readPackage(t testing.TB, path, dir string) Package {
	t.Helper()
	dir, err := filepath.Abs(dir)
	require.NoError(t, err)
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	p := Package{Path: path, Dir: dir, Files: map[string][]byte{}}
	for _, name := range names {
		source, err := os.ReadFile(name)
		require.NoError(t, err)
		p.Files[filepath.Base(name)] = source
	}
	return p
}

// overlay writes rewritten files for go build and returns the name of the overlay.
func overlay(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	replace := map[string]string{}
	for name, text := range files {
		to, err := os.CreateTemp(dir, "*.go")
		require.NoError(t, err)
		_, err = to.Write(text)
		require.NoError(t, err)
		require.NoError(t, to.Close())
		replace[name] = to.Name()
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	name := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(name, data, 0o666))
	return name
}

// goRun runs the constructs and returns what they print.
func goRun(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", append(append([]string{"run"}, args...), "./testdata/constructs")...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return string(out)
}

// TestConstructs rewrites every supported construct: the text is as recorded, the lines
// are those of the source, and the program prints the same as before.
func TestConstructs(t *testing.T) {
	r, _ := newRewriter(t)
	p := readPackage(t, constructsPath, "testdata/constructs")
	result, err := r.Rewrite(p, Control)
	require.NoError(t, err)
	require.Empty(t, result.Refusals)

	files := r.Copies()
	for name, text := range result.Files {
		files[filepath.Join(p.Dir, name)] = text
		golden := filepath.Join("testdata/golden", name+".txt")
		if *update {
			require.NoError(t, os.WriteFile(golden, text, 0o666))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		require.Equal(t, string(want), string(text), "%s differs; go test -update accepts it", name)
		checkLines(t, name, p.Files[name], text)
	}
	if testing.Short() {
		return
	}
	want := goRun(t)
	got := goRun(t, "-tags", "interleave", "-overlay", overlay(t, files))
	require.Equal(t, want, got)
}
