package sandbox

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ample are limits that no well-behaved act comes near.
var ample = Limits{
	Wall: time.Minute, CPU: time.Minute, Memory: 1 << 30, Output: 1 << 20,
	Processes: 200, Disk: 16 << 20, Inodes: 1000,
}

// act returns the command that plays the named act.
func act(t testing.TB, name string, args ...string) Command {
	self, err := os.Executable()
	require.NoError(t, err)
	return Command{Path: self, Args: args, Env: []string{actVar + "=" + name}}
}

// bwrap opens bubblewrap, or skips the test; where nothing may be skipped it fails it.
func bwrap(t testing.TB) Sandbox {
	s, err := Open("bwrap")
	if err != nil && os.Getenv("LOCKSTEP_CI") != "1" {
		t.Skip("SKIPPED, nothing was shown: ", err)
	}
	require.NoError(t, err)
	return s
}

// each runs test in every kind of sandbox.
func each(t *testing.T, test func(t *testing.T, s Sandbox)) {
	t.Run("none", func(t *testing.T) {
		s, err := Open("none")
		require.NoError(t, err)
		test(t, s)
	})
	t.Run("bwrap", func(t *testing.T) { test(t, bwrap(t)) })
}

func run(s Sandbox, c Command, l Limits) Outcome { return s.Run(context.Background(), c, l) }

func TestReturnsWhatItPrinted(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		out := run(s, act(t, "say", "hello", "you"), ample)
		assert.Equal(t, Exited, out.End, out)
		assert.NoError(t, out.Err)
		assert.Equal(t, "hello you", string(out.Stdout))
		assert.Empty(t, string(out.Stderr))
		assert.Positive(t, out.Wall)
	})
}

func TestTellsExitCodes(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		for code, arg := range map[int]string{0: "0", 1: "1", 2: "2", 66: "66", 255: "255"} {
			out := run(s, act(t, "exit", arg), ample)
			assert.Equal(t, Exited, out.End)
			assert.Equal(t, code, out.ExitCode)
		}
	})
}

func TestGivesTheEnvironmentAndNoMore(t *testing.T) {
	t.Setenv("SECRET", "swordfish")
	each(t, func(t *testing.T, s Sandbox) {
		out := run(s, act(t, "env"), ample)
		require.Equal(t, Exited, out.End)
		for _, entry := range strings.Split(string(out.Stdout), "\n") {
			name, _, _ := strings.Cut(entry, "=")
			assert.Contains(t, []string{actVar, "HOME", "TMPDIR", "PWD", tagVar}, name)
		}
	})
}

func TestPassesStdinAndFiles(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		c := act(t, "stdin")
		c.Stdin = strings.NewReader("some text")
		assert.Equal(t, "some text", string(run(s, c, ample).Stdout))
		assert.Empty(t, run(s, act(t, "stdin"), ample).Stdout)

		r, w, err := os.Pipe()
		require.NoError(t, err)
		r2, w2, err := os.Pipe()
		require.NoError(t, err)
		w2.WriteString("orders")
		w2.Close()
		c = act(t, "files")
		c.Files = []*os.File{w, r2}
		out := run(s, c, ample)
		w.Close()
		require.Equal(t, Exited, out.End, out)
		var got [64]byte
		n, err := r.Read(got[:])
		assert.NoError(t, err)
		assert.Equal(t, "ORDERS<nil>", string(got[:n]))
		r.Close()
		r2.Close()
	})
}

func TestWallLimitBringsAGoroutineDump(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		l := ample
		l.Wall = 2 * time.Second // enough to be up and blocked
		out := run(s, act(t, "block"), l)
		assert.Equal(t, WallLimit, out.End)
		assert.Contains(t, string(out.Stderr), "[select (no cases)]")
	})
}

func TestCancelling(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(50*time.Millisecond, cancel)
		assert.Equal(t, Cancelled, s.Run(ctx, act(t, "block"), ample).End)
		assert.Equal(t, Cancelled, s.Run(ctx, act(t, "block"), ample).End)
	})
}

func TestOutputLimit(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		l := ample
		l.Output = 10_000
		out := run(s, act(t, "flood"), l)
		assert.Equal(t, OutputLimit, out.End)
		assert.Len(t, out.Stdout, 10_000)
	})
}

func TestTroubleIsNotTheCommands(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		out := run(s, Command{Path: "/does/not/exist"}, ample)
		assert.Equal(t, Trouble, out.End)
		assert.ErrorContains(t, out.Err, "/does/not/exist")

		out = run(s, Command{Path: "relative"}, ample)
		assert.Equal(t, Trouble, out.End)
		assert.ErrorContains(t, out.Err, "not absolute")

		out = run(s, act(t, "say"), Limits{})
		assert.Equal(t, Trouble, out.End)
		assert.ErrorContains(t, out.Err, "limit")
	})
}

func TestOpenRefusesUnknownKinds(t *testing.T) {
	_, err := Open("docker")
	assert.ErrorContains(t, err, "auto, bwrap or none")
	s, err := Open("auto")
	require.NoError(t, err)
	assert.Contains(t, []string{"bwrap", "none"}, s.Name())
}
