package cache

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMain lets the test binary be a run that is killed: it makes a work directory,
// says so, and waits for the end.
func TestMain(m *testing.M) {
	if os.Getenv("BE_A_RUN") == "" {
		os.Exit(m.Run())
	}
	c, err := Open()
	if err != nil {
		panic(err)
	}
	dir, _, err := c.WorkDir()
	if err != nil {
		panic(err)
	}
	os.Stdout.WriteString(dir)
	os.Stdout.Close()
	os.Stdin.Read(make([]byte, 1)) // until it is killed
}

func TestWorkOfAKilledRunIsSweptAndNoOther(t *testing.T) {
	c := open(t)
	mine, remove, err := c.WorkDir()
	require.NoError(t, err)

	run := exec.Command(os.Args[0])
	run.Env = append(os.Environ(), "BE_A_RUN=1")
	_, err = run.StdinPipe()
	require.NoError(t, err)
	out, err := run.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, run.Start())
	name := make([]byte, 4096)
	n, err := out.Read(name)
	require.NoError(t, err)
	other := string(name[:n])

	_, removeSecond, err := c.WorkDir()
	require.NoError(t, err)
	removeSecond()
	require.DirExists(t, other, "it is still running")
	require.DirExists(t, mine)

	require.NoError(t, run.Process.Kill())
	run.Wait()
	third, removeThird, err := c.WorkDir()
	require.NoError(t, err)
	require.NoDirExists(t, other, "it was killed")
	require.DirExists(t, mine)
	removeThird()
	remove()
	require.NoDirExists(t, mine)
	require.NoDirExists(t, third)
	left, err := filepath.Glob(filepath.Join(c.Dir(), "runs", "run-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAnEntryThatIsSomethingElseIsNone(t *testing.T) {
	c := open(t)
	key := NewKey("a").Sum()
	require.NoError(t, c.Put("results", key, "one"))
	for _, text := range []string{"{}", "null", "[]", `"one"`, `{"Key":"","Value":"one"}`} {
		require.NoError(t, os.WriteFile(c.path("results", key), []byte(text), 0o600))
		var got string
		require.False(t, c.Get("results", key, &got), text)
	}
}
