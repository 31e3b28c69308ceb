package class

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// merge joins results and makes the reports.
func merge(t *testing.T, dirs ...string) (string, *Summary, error) {
	t.Helper()
	to := filepath.Join(t.TempDir(), "merged")
	out, run, err := Merge(dirs, to)
	if err != nil {
		return "", nil, err
	}
	defer out.Close()
	sum, err := Publish(out, run)
	return to, sum, err
}

// sharded grades a class in n parts.
func sharded(t *testing.T, whole *try, n int) (dirs []string) {
	for i := range n {
		y := *whole
		y.out, y.grader = filepath.Join(t.TempDir(), "part"), newSimulated(t)
		y.options.Shard = Shard{i + 1, n}
		sum, err := y.grade(t, t.Context())
		require.NoError(t, err)
		require.Empty(t, sum.Missing)
		dirs = append(dirs, y.out)
	}
	return dirs
}

func TestShardsMergeToTheWhole(t *testing.T) {
	texts := map[string]string{}
	for i := range 13 {
		texts[fmt.Sprintf("s%02d", i)] = []string{"right", "wrong", "loop"}[i%3]
	}
	whole := newTry(t, texts)
	whole.must(t)
	for _, n := range []int{1, 2, 5, 13, 20} {
		dirs := sharded(t, whole, n)
		to, sum, err := merge(t, dirs...)
		require.NoError(t, err)
		require.Equal(t, 13, sum.Students)
		require.Empty(t, sum.Missing)
		require.Equal(t, snapshot(t, whole.out), snapshot(t, to))
	}
	dirs := sharded(t, whole, 4)
	t.Run("a part that is missing is told", func(t *testing.T) {
		_, sum, err := merge(t, dirs[0], dirs[1], dirs[3])
		require.NoError(t, err)
		require.Equal(t, []string{"s02", "s06", "s10"}, sum.Missing)
	})
	t.Run("a part given twice is one", func(t *testing.T) {
		to, _, err := merge(t, append(dirs, dirs[0], whole.out)...)
		require.NoError(t, err)
		require.Equal(t, snapshot(t, whole.out), snapshot(t, to))
	})
}

func TestWhatDoesNotBelongTogetherIsNotMerged(t *testing.T) {
	whole := newTry(t, map[string]string{"ada": "right", "ben": "wrong"})
	whole.must(t)
	other := func(change func(dir string)) string {
		y := *whole
		y.out = filepath.Join(t.TempDir(), "other")
		y.must(t)
		change(y.out)
		return y.out
	}
	replace := func(name, old, new string) func(string) {
		return func(dir string) {
			data, err := os.ReadFile(filepath.Join(dir, name))
			require.NoError(t, err)
			changed := strings.ReplaceAll(string(data), old, new)
			require.NotEqual(t, string(data), changed)
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(changed), 0o644))
		}
	}
	for name, c := range map[string]struct {
		change func(dir string)
		want   string
	}{
		"another course":  {replace(runFile, `"lockstep"`, `"else"`), "another course"},
		"other checks":    {replace(runFile, `"key": "k"`, `"key": "l"`), "other checks"},
		"another format":  {replace(runFile, `"format": 1`, `"format": 9`), "format 9"},
		"another verdict": {replace("results/ben.json", `"fail"`, `"race"`), "contradict each other on ben: 01-one TestA"},
		"another commit":  {replace("results/ben.json", `"commit": ""`, `"commit": "abc"`), "different commits"},
		"points made up":  {replace("results/ben.json", `"points": 0`, `"points": 9`), "ben"},
		"half a file":     {func(dir string) { require.NoError(t, os.Truncate(filepath.Join(dir, "results/ben.json"), 100)) }, "not valid JSON"},
		"another's result": {func(dir string) {
			require.NoError(t, os.Rename(filepath.Join(dir, "results/ada.json"), filepath.Join(dir, "results/ben.json")))
		}, "is the result of ada"},
		"no results at all": {func(dir string) { require.NoError(t, os.Remove(filepath.Join(dir, runFile))) }, "holds no results"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := merge(t, whole.out, other(c.change))
			var refused *UsageError
			require.ErrorAs(t, err, &refused)
			require.ErrorContains(t, err, c.want)
			require.NotEmpty(t, refused.Next)
		})
	}
	t.Run("an id that leads elsewhere", func(t *testing.T) {
		_, _, err := merge(t, other(replace(runFile, `"ada"`, `"../ada"`)))
		require.ErrorContains(t, err, "is not safe")
	})
	t.Run("who could not be graded in one part, and could in another, is graded", func(t *testing.T) {
		hurt := other(func(string) {})
		o := &Out{dir: hurt}
		m, err := o.get("ben")
		require.NoError(t, err)
		m.Result, m.Trouble = nil, "the network was down"
		require.NoError(t, o.put(m))
		for _, dirs := range [][]string{{whole.out, hurt}, {hurt, whole.out}} {
			to, sum, err := merge(t, dirs...)
			require.NoError(t, err)
			require.Zero(t, sum.Troubled)
			require.Equal(t, snapshot(t, whole.out), snapshot(t, to))
		}
	})
}

func TestParseShard(t *testing.T) {
	for text, want := range map[string]Shard{"": {}, "1/1": {1, 1}, "2/4": {2, 4}} {
		got, err := ParseShard(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, text, got.String())
	}
	for _, bad := range []string{"0/4", "5/4", "4", "a/b", "1/0", "-1/2", "1/2/3", "/", "1/999999999"} {
		_, err := ParseShard(bad)
		require.Error(t, err, bad)
	}
}
