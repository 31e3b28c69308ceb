package selfcheck

import (
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/verdict"
)

func TestParseWant(t *testing.T) {
	w, err := parseWant([]byte("// want: race in TestA, deadlock in TestB\npackage a\n"))
	require.NoError(t, err)
	require.Equal(t, want{"TestA": verdict.Race, "TestB": verdict.Deadlock}, w)
	for _, bad := range []string{"package a", "// want:", "// want: race", "// want: pass in TestA", "// want: rcae in TestA",
		"// want: race in TestA, fail in TestA", "\n// want: race in TestA", "// want: race in TestA; fail in TestB"} {
		_, err := parseWant([]byte(bad))
		require.Error(t, err, bad)
	}
}

func chapter(statuses ...verdict.Status) *verdict.Chapter {
	c := &verdict.Chapter{Status: verdict.ChapterGraded}
	for i, s := range statuses {
		c.Checks = append(c.Checks, verdict.Check{Name: "Test" + string(rune('A'+i)), Status: s})
	}
	return c
}

func TestCompareWantsExactlyWhatIsDeclared(t *testing.T) {
	w := want{"TestA": verdict.Race}
	require.Empty(t, w.compare(chapter(verdict.Race, verdict.Pass)))
	require.Empty(t, w.compare(chapter(verdict.Race, verdict.Skipped)), "what needs it is skipped")
	require.Len(t, w.compare(chapter(verdict.Pass, verdict.Pass)), 1, "not caught")
	require.Len(t, w.compare(chapter(verdict.Fail, verdict.Pass)), 1, "caught as something else")
	require.Len(t, w.compare(chapter(verdict.Race, verdict.Fail)), 1, "more than declared")
	require.Len(t, w.compare(chapter()), 1, "no such check")
	require.NotEmpty(t, w.compare(chapter(verdict.Race, verdict.Trouble)), "trouble is no pass")
}

func TestJudges(t *testing.T) {
	require.Empty(t, judgeRight(chapter(verdict.Pass)))
	require.Len(t, judgeRight(chapter(verdict.Pass, verdict.Skipped)), 1)
	require.Empty(t, judgeSkeleton(chapter(verdict.Fail, verdict.Race, verdict.Skipped)))
	require.Len(t, judgeSkeleton(chapter(verdict.Fail, verdict.Pass)), 1)
	require.Len(t, judgeSkeleton(chapter(verdict.Missing)), 1)
}
