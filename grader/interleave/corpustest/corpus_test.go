//go:build !interleave

package corpustest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/interleave/corpustest"
	"lockstep/grader/interleave/corpustest/rewritten"
)

// TestRegistry checks that the registry lists the corpus as it is, and enough of it.
func TestRegistry(t *testing.T) {
	for kind, programs := range map[string][]corpustest.Program{"wrong": corpustest.Wrong, "right": corpustest.Right} {
		entries, err := os.ReadDir(filepath.Join("..", "testdata", "corpus", kind))
		require.NoError(t, err)
		var have, listed []string
		for _, e := range entries {
			have = append(have, e.Name())
		}
		for _, p := range programs {
			listed = append(listed, p.Name)
		}
		require.Equal(t, have, listed, "run go generate")
		for _, classic := range corpustest.Classics {
			require.Contains(t, listed, classic)
		}
		require.GreaterOrEqual(t, len(listed), 42)
	}
}

// TestCorpus checks that every wrong program is found with two seeds, as what it is,
// and replays, and that no right one raises an alarm.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a race-enabled binary")
	}
	if out, err := exec.Command("go", "env", "CGO_ENABLED").Output(); err != nil || string(out) != "1\n" {
		t.Skip("the race detector needs cgo")
	}
	binary, err := rewritten.Build(t.Context(), t.TempDir())
	require.NoError(t, err)
	report, err := rewritten.Measure(t.Context(), binary, rewritten.Effort{Seeds: 2, Schedules: 20_000})
	require.NoError(t, err)

	require.Len(t, report.Found, len(corpustest.Wrong))
	for _, f := range report.Found {
		assert.Equal(t, f.Seeds, f.Right, "%s wants %q: %v %s", f.Program, f.Want, f.Kinds, f.Example)
		assert.Equal(t, f.Right, f.Replayed, "%s: %s", f.Program, f.Example)
		assert.True(t, f.Fresh, "%s: replayed in a fresh process", f.Program)
		assert.LessOrEqual(t, f.Schedules, 500, f.Program)
	}
	require.Len(t, report.Silent, len(corpustest.Right))
	for _, s := range report.Silent {
		assert.Zero(t, s.Alarms, "%s: %s", s.Program, s.Example)
	}
	exhausted := slices.DeleteFunc(report.Exhausted, func(e corpustest.Exhausted) bool { return !e.All })
	assert.Len(t, exhausted, len(corpustest.Classics), "all right classics are exhausted")
}
