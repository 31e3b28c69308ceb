package stage

import (
	"context"
	"encoding/json"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/interleave/rewrite"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/sandbox"
)

// TestMain lets the test binary be the worker that Run starts.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == WorkerCommand {
		os.Exit(Worker(os.Args[2]))
	}
	os.Exit(m.Run())
}

// request is for chapter 01 of the demonstration course.
func request(t *testing.T, answer string) Request {
	c, err := course.Load(filepath.Join("..", "..", "testdata", "demo"))
	require.NoError(t, err)
	deps, err := rewrite.List(context.Background(), c.Root, "sync", "testing", "github.com/stretchr/testify/require",
		"lockstep/grader/exam", "lockstep/grader/interleave", "lockstep/grader/interleave/rt")
	require.NoError(t, err)
	return Request{Root: c.Root, Folder: c.Chapters[0].Folder, Files: map[string][]byte{"counter.go": []byte(answer)}, Deps: deps}
}

const answer = `package counter

import "sync"

type Counter struct {
	mu sync.Mutex
	n  int
}

func (c *Counter) Add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

func (c *Counter) Value() int { return c.n }
`

func TestAnAnswerIsStaged(t *testing.T) {
	q := request(t, answer)
	work := t.TempDir()
	box, err := sandbox.Open("none")
	require.NoError(t, err)
	s, err := Run(t.Context(), box, q, nil, work)
	require.NoError(t, err)
	require.Empty(t, s.Diagnostics)
	require.Empty(t, s.Refusals)

	overlay := func(file string) map[string]string {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		var o struct{ Replace map[string]string }
		require.NoError(t, json.Unmarshal(data, &o))
		return o.Replace
	}
	student := filepath.Join(q.Root, q.Folder, "counter.go")
	vet, err := os.ReadFile(overlay(s.VetOverlay)[student])
	require.NoError(t, err)
	require.Equal(t, answer, string(vet), "vet reads what the student wrote")
	rewritten, err := os.ReadFile(overlay(s.Overlay)[student])
	require.NoError(t, err)
	require.Contains(t, string(rewritten), "lockstep/grader/interleave/rt")
	require.Contains(t, s.Tests, "counter_test.go")
	require.NotContains(t, string(s.Tests["counter_test.go"]), examName)
}

func TestWhatDoesNotCompileIsToldWithItsLine(t *testing.T) {
	for name, c := range map[string]struct {
		answer, file, message string
		line                  int
	}{
		"a type":      {strings.Replace(answer, "c.mu.Lock()", "c.mu.lock()", 1), "counter.go", "type sync.Mutex", 11},
		"syntax":      {strings.Replace(answer, "c.n++", "c.n+++", 1), "counter.go", "expected", 13},
		"a signature": {strings.Replace(answer, "Value() int", "Value(x int) int", 1), "counter_test.go", "not enough arguments", 29},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := Make(request(t, c.answer), t.TempDir())
			require.NoError(t, err)
			require.NotEmpty(t, s.Diagnostics)
			require.Equal(t, c.file, s.Diagnostics[0].File)
			require.Contains(t, s.Diagnostics[0].Message, c.message)
			require.Equal(t, c.line, s.Diagnostics[0].Line)
		})
	}
}

func TestWhatCannotBeExploredIsRefused(t *testing.T) {
	hidden := strings.Replace(answer, "func (c *Counter) Add() {\n", "func (c *Counter) Add() {\n\ttype own struct{ sync.Mutex }\n\tvar l sync.Locker = &own{}\n\t_ = l\n", 1)
	s, err := Make(request(t, hidden), t.TempDir())
	require.NoError(t, err)
	require.Empty(t, s.Diagnostics)
	require.Len(t, s.Refusals, 1)
	require.Equal(t, 12, s.Refusals[0].Line)
	require.Empty(t, s.Overlay, "nothing is there to be built")
}

// TestATypeBombEndsAtTheLimits holds that code on which a type checker does not come to
// an end is the submission's failure and does not keep the grader.
func TestATypeBombEndsAtTheLimits(t *testing.T) {
	bomb := "package counter\n\ntype pair[A any] struct{ x, y A }\n\nfunc d[A any](a A) pair[A] { return pair[A]{a, a} }\n\nvar v = " +
		strings.Repeat("d(", 40) + "1" + strings.Repeat(")", 40) + "\n"
	box, err := sandbox.Open("none")
	require.NoError(t, err)
	s, err := Run(t.Context(), box, request(t, bomb), nil, t.TempDir())
	require.NoError(t, err)
	require.NotEmpty(t, s.Diagnostics)
}

func TestWrapChecksKeepsTheLines(t *testing.T) {
	const test = "package hidden\n\nimport \"testing\"\n\nfunc TestMain(m *testing.M) {}\n\nfunc TestA(t *testing.T) {\n\tif testing.Short() {\n\t\treturn\n\t}\n\tt.Log(1)\n}\n\nfunc TestB(tt *testing.T) { tt.Log(2) }\n\nfunc helper(t *testing.T) {}\n"
	files := map[string][]byte{"a_test.go": []byte(test)}
	require.NoError(t, wrapChecks(files))
	got := string(files["a_test.go"])
	_, err := parser.ParseFile(token.NewFileSet(), "", got, 0)
	require.NoError(t, err, got)
	require.Contains(t, got, "func TestA(t *testing.T) { "+examName+".Check(t, func() { \n")
	require.Contains(t, got, "func TestB(tt *testing.T) { "+examName+".Check(tt, func() {  tt.Log(2) }) }")
	require.Contains(t, got, "func helper(t *testing.T) {}")
	require.Equal(t, 2, strings.Count(got, ".Check("))
	before, after := strings.Split(test, "\n"), strings.Split(got, "\n")
	require.Equal(t, before[10], after[10], "t.Log(1) is on line 11")
	require.Equal(t, before[4], after[4])
}
