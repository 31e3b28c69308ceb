package gotest

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/sandbox"
)

func TestParseDiagnostics(t *testing.T) {
	found := ParseDiagnostics("# lockstep/chapters/05-lock\n" +
		"chapters/05-lock/lock.go:12:5: undefined: x\n" +
		"\thave (int)\n" +
		"vet: ./chapters/05-lock/lock.go:3: call of f copies lock value\n" +
		"too many errors\n")
	require.Equal(t, []Diagnostic{
		{File: "lock.go", Dir: "chapters/05-lock", Line: 12, Column: 5, Message: "undefined: x\n\thave (int)"},
		{File: "lock.go", Dir: "chapters/05-lock", Line: 3, Message: "call of f copies lock value"},
	}, found)
	require.Equal(t, "lock.go:12: undefined: x\n\thave (int)", found[0].String())
	require.Equal(t, "it is so", Diagnostic{Message: "it is so"}.String())
	require.Empty(t, ParseDiagnostics("go: updates to go.mod needed\n"))
}

// TestConclude tells what is about the code from what nobody can know.
func TestConclude(t *testing.T) {
	ok := sandbox.Outcome{End: sandbox.Exited}
	found, err := conclude(ok, nil)
	require.NoError(t, err)
	require.Empty(t, found)

	found, err = conclude(sandbox.Outcome{End: sandbox.Exited, ExitCode: 1, Stderr: []byte("a/b.go:1:2: no\n")}, nil)
	require.NoError(t, err)
	require.Len(t, found, 1)

	_, err = conclude(sandbox.Outcome{End: sandbox.Exited, ExitCode: 1, Stderr: []byte("go: no space left on device\n")}, nil)
	require.ErrorContains(t, err, "no space left")

	for _, end := range []sandbox.End{sandbox.CPULimit, sandbox.WallLimit, sandbox.MemoryLimit, sandbox.OutputLimit} {
		found, err = conclude(sandbox.Outcome{End: end}, nil)
		require.NoError(t, err)
		require.Len(t, found, 1, "a compile bomb is the submission's, not the grader's trouble")
	}

	_, err = conclude(ok, errors.New("cancelled"))
	require.Error(t, err)
}

func TestMinorVersion(t *testing.T) {
	for version, want := range map[string]int{"go1.26.8": 26, "go1.21": 21, "go1.27rc1": 27, "devel go1.28-abc": math.MaxInt} {
		require.Equal(t, want, minorVersion(version), version)
	}
}

func TestSetupErrorsHaveANextStep(t *testing.T) {
	for said, want := range map[string]string{
		"go: github.com/x/y@v1.0.0: module lookup disabled by GOPROXY=off": "go mod download",
		"go: go.mod requires go >= 1.26 (running go 1.25)":                 "install a newer Go",
		"cgo: C compiler \"gcc\" not found":                                "apt install gcc",
	} {
		var lack *SetupError
		require.ErrorAs(t, setup(said), &lack, said)
		require.Contains(t, lack.Next, want)
	}
	err := setup("# lockstep/grader/exam\ngrader/exam/main.go:3:1: syntax error\n")
	require.ErrorContains(t, err, "grader/exam/main.go:3: syntax error")
	require.False(t, errors.As(err, new(*SetupError)))
}

func TestCountTellsPackagesFromWords(t *testing.T) {
	var last int
	said := count(strings.NewReader("internal/cpu\nruntime\n# lockstep/x\nx.go:1:1: no\n"), func(n int) { last = n })
	require.Equal(t, 2, last)
	require.Equal(t, "# lockstep/x\nx.go:1:1: no\n", said)
}
