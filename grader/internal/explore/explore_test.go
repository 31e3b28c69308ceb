package explore

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// outside copies the test's module to a folder of its own and returns that.
func outside(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/outside")))
	return dir
}

// files returns the names and contents of a tree.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all[path] = string(text)
		return err
	}))
	return all
}

func exploreJSON(t *testing.T, o Options) (int, map[string]Test) {
	t.Helper()
	o.JSON = true
	var out bytes.Buffer
	code, err := Run(context.Background(), o, &out)
	require.NoError(t, err)
	var report Report
	require.NoError(t, json.Unmarshal(out.Bytes(), &report))
	tests := map[string]Test{}
	for _, test := range report.Tests {
		tests[test.Name] = test
	}
	return code, tests
}

// TestAnotherModule explores tests of a module that has never heard of this one.
func TestAnotherModule(t *testing.T) {
	dir := outside(t)
	before := files(t, dir)
	code, tests := exploreJSON(t, Options{Dir: dir, Package: "./bank"})
	require.Equal(t, Failed, code)
	want := map[string]string{
		"TestLossy": "fail", "TestRacy": "race", "TestRight": "pass", "TestSubtests": "pass", "TestDeadlock": "deadlock",
		"TestSkipped": "skipped", "TestUnreachable": "not-explored", "TestFromOutside": "pass",
	}
	got := map[string]string{}
	for name, test := range tests {
		got[name] = test.Status
		t.Logf("%s %s: %s\n%s", test.Status, name, test.Message, test.Detail)
	}
	require.Equal(t, want, got)
	require.True(t, tests["TestRight"].Explorations[0].Exhaustive)
	require.Len(t, tests["TestSubtests"].Explorations, 2)
	require.Contains(t, tests["TestDeadlock"].Detail, "bank.go:34", "the lines are those of the source")
	require.Equal(t, before, files(t, dir), "nothing was touched")

	seed := tests["TestLossy"].Seed
	code, tests = exploreJSON(t, Options{Dir: dir, Package: "example.com/outside/bank", Run: "^TestLossy$", Seed: seed})
	require.Equal(t, Failed, code)
	require.Equal(t, "fail", tests["TestLossy"].Status)
	require.Equal(t, seed, tests["TestLossy"].Seed)
}

// TestCodes checks the exit codes that TestAnotherModule does not.
func TestCodes(t *testing.T) {
	dir := outside(t)
	var out bytes.Buffer
	code, err := Run(context.Background(), Options{Dir: dir, Package: "./bank", Run: "TestRight|TestSkipped", Schedules: 10}, &out)
	require.NoError(t, err)
	require.Equal(t, OK, code, "%s", &out)
	require.Contains(t, out.String(), "pass         TestRight: all ")

	for _, test := range []struct {
		options Options
		code    int
		message string
	}{
		{Options{Package: "./bank", Run: "("}, Usage, "--run"},
		{Options{Package: "./bank", Run: "TestNone"}, Usage, "no test"},
		{Options{Package: "./store"}, Trouble, "has no tests"},
		{Options{Package: "./..."}, Trouble, "3 packages"},
		{Options{Package: "./refused"}, Trouble, "refused_test.go:9: the result ok"},
		{Options{Package: "fmt"}, Trouble, "is not in the module"},
	} {
		test.options.Dir = dir
		code, err := Run(context.Background(), test.options, &out)
		require.Equal(t, test.code, code, test.options)
		require.ErrorContains(t, err, test.message)
	}
}

// TestWorkspace explores a package that needs the go.work file above it.
func TestWorkspace(t *testing.T) {
	dir := outside(t)
	for name, text := range map[string]string{
		"go.work":           "go 1.23\n\nuse (\n\t.\n\t./other\n)\n",
		"other/go.mod":      "module example.com/other\n\ngo 1.23\n",
		"other/other.go":    "package other\n\nfunc N() int { return 1 }\n",
		"uses/uses.go":      "package uses\n",
		"uses/uses_test.go": "package uses\n\nimport (\n\t\"testing\"\n\n\t\"example.com/other\"\n)\n\nfunc TestN(t *testing.T) { c := make(chan int, 1); c <- other.N(); <-c }\n",
	} {
		name = filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
	}
	code, tests := exploreJSON(t, Options{Dir: dir, Package: "./uses"})
	require.Equal(t, OK, code, "%v", tests)
}

// TestOwnModule explores a package of the module that the explorer itself is in.
func TestOwnModule(t *testing.T) {
	code, tests := exploreJSON(t, Options{Package: "./testdata/own"})
	require.Equal(t, Failed, code)
	require.Equal(t, "leak", tests["TestLeak"].Status)
	require.Equal(t, "pass", tests["TestGroup"].Status)
}

// TestOldLanguage refuses a module in which rewritten text would mean something else.
func TestOldLanguage(t *testing.T) {
	dir := outside(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/outside\n\ngo 1.21\n"), 0o666))
	code, err := Run(context.Background(), Options{Dir: dir, Package: "./bank"}, new(bytes.Buffer))
	require.Equal(t, Trouble, code)
	require.ErrorContains(t, err, "go1.23")
}
