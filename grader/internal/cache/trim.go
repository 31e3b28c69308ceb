package cache

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// How long an entry stays after it was last asked for, and how often it is looked for
// those that go. An entry's time of modification says when it was asked for, give or
// take the grain. The go command does likewise (cmd/go/internal/cache).
const (
	stay     = 30 * 24 * time.Hour
	interval = 24 * time.Hour
	grain    = time.Hour
)

// used notes that a file or folder of the cache was asked for.
func used(path string) {
	now := time.Now()
	if info, err := os.Stat(path); err == nil && now.Sub(info.ModTime()) > grain {
		os.Chtimes(path, now, now)
	}
}

// trim removes what nobody has asked for in a long time, once an interval. It is called
// by one process at a time.
func (c *Cache) trim(now time.Time) {
	last := filepath.Join(c.dir, ".trimmed")
	if info, err := os.Stat(last); err == nil && now.Sub(info.ModTime()) < interval {
		return
	}
	if os.WriteFile(last, nil, 0o600) != nil || os.Chtimes(last, now, now) != nil {
		return
	}
	filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // somebody else removes too
		}
		folder := d.IsDir() && strings.HasPrefix(d.Name(), "explore-") // the explorer's sources: used as a whole
		if d.IsDir() && !folder {
			if d.Name() == "runs" {
				return fs.SkipDir
			}
			return nil
		}
		if info, err := d.Info(); (folder || strings.HasSuffix(path, ".json")) && err == nil && now.Sub(info.ModTime()) > stay {
			os.RemoveAll(path)
		}
		if folder {
			return fs.SkipDir
		}
		return nil
	})
}
