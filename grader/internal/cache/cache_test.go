package cache

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func open(t *testing.T) *Cache {
	t.Setenv(EnvVar, t.TempDir())
	c, err := Open()
	require.NoError(t, err)
	return c
}

func TestAnEntryIsWholeOrNotThere(t *testing.T) {
	c := open(t)
	key := NewKey("a").Sum()
	var got string
	require.False(t, c.Get("results", key, &got))
	require.NoError(t, c.Put("results", key, "one"))
	require.NoError(t, c.Put("results", key, "two"))
	require.True(t, c.Get("results", key, &got))
	require.Equal(t, "two", got)
	require.False(t, c.Get("other", key, &got), "kinds are apart")

	require.NoError(t, os.WriteFile(c.path("results", key), []byte(`"tw`), 0o600))
	require.False(t, c.Get("results", key, &got), "half an entry is none")
	require.NoError(t, c.Remove("results", key))
	require.NoError(t, c.Remove("results", key))
}

func TestManyWritersLeaveOneWholeEntry(t *testing.T) {
	c := open(t)
	key := NewKey("a").Sum()
	long := string(make([]byte, 1<<16))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 20 {
				if err := c.Put("results", key, long); err != nil {
					t.Error(err)
				}
				var got string
				if !c.Get("results", key, &got) || got != long {
					t.Error("a reader saw no whole entry")
				}
			}
		})
	}
	wg.Wait()
	left, err := filepath.Glob(filepath.Join(filepath.Dir(c.path("results", key)), ".new-*"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestNoTwoListsOfPartsRunTogether(t *testing.T) {
	require.NotEqual(t, NewKey("ab", "c").Sum(), NewKey("a", "bc").Sum())
	require.NotEqual(t, NewKey("a", "").Sum(), NewKey("a").Sum())
	require.Equal(t, NewKey("a", "b").Sum(), func() string { k := NewKey("a"); k.Add([]byte("b")); return k.Sum() }())
}

func TestOpenFallsBackToTheTemporaryDirectory(t *testing.T) {
	t.Setenv(EnvVar, "")
	t.Setenv("HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	c, err := Open()
	require.NoError(t, err)
	require.Equal(t, tmp, filepath.Dir(c.Dir()))
}

func TestOpenSaysWhatToDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	t.Setenv(EnvVar, filepath.Join(file, "cache"))
	_, err := Open()
	require.ErrorContains(t, err, EnvVar)
}
