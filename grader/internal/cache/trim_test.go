package cache

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTrim lets time pass, and keeps what was asked for meanwhile.
func TestTrim(t *testing.T) {
	c := open(t)
	asked, forgotten := NewKey("asked").Sum(), NewKey("forgotten").Sum()
	require.NoError(t, c.Put("results", asked, 1))
	require.NoError(t, c.Put("results", forgotten, 1))
	sources := filepath.Join(c.dir, "explore-1", "chapters.json")
	require.NoError(t, os.MkdirAll(filepath.Dir(sources), 0o700))
	require.NoError(t, os.WriteFile(sources, nil, 0o600))
	_, remove, err := c.WorkDir()
	require.NoError(t, err)
	defer remove()

	long := time.Now().Add(-stay - 2*interval)
	for _, path := range []string{c.path("results", asked), c.path("results", forgotten), sources} {
		require.NoError(t, os.Chtimes(path, long, long))
	}
	var got int
	require.True(t, c.Get("results", asked, &got))
	c.trim(time.Now())
	require.FileExists(t, c.path("results", forgotten), "it has been looked for this interval")

	c.trim(time.Now().Add(interval + grain))
	require.FileExists(t, c.path("results", asked))
	require.NoFileExists(t, c.path("results", forgotten))
	require.FileExists(t, sources, "its folder was used")
	require.FileExists(t, filepath.Join(c.dir, "runs", ".lock"))
	left, err := os.ReadDir(filepath.Join(c.dir, "runs"))
	require.NoError(t, err)
	require.Len(t, left, 2, "the lock and the one work folder in use: nothing else belongs there")

	require.NoError(t, os.Chtimes(filepath.Dir(sources), long, long))
	c.trim(time.Now().Add(3 * interval))
	require.NoDirExists(t, filepath.Dir(sources))
}
