package cache

import (
	"os"
	"path/filepath"
	"time"
)

// WorkDir makes a new directory for one run, and removes those of runs that were
// killed, and from time to time old entries. The caller calls remove when the run is over.
func (c *Cache) WorkDir() (dir string, remove func(), err error) {
	work := filepath.Join(c.dir, "work")
	if err := os.MkdirAll(work, 0o700); err != nil {
		return "", nil, err
	}
	// One run makes its directory, or sweeps, at a time: a directory that is not
	// locked yet would look like a dead run's.
	unlock, err := lock(filepath.Join(work, ".lock"), true)
	if err != nil {
		return "", nil, err
	}
	defer unlock()
	sweep(work)
	c.trim(time.Now())
	dir, err = os.MkdirTemp(work, "run-*")
	if err != nil {
		return "", nil, err
	}
	release, err := lock(filepath.Join(dir, ".lock"), true)
	if err != nil {
		os.RemoveAll(dir)
		return "", nil, err
	}
	return dir, func() {
		os.RemoveAll(dir)
		release()
	}, nil
}

// sweep removes the directories whose lock no process holds any more.
func sweep(work string) {
	locks, _ := filepath.Glob(filepath.Join(work, "run-*", ".lock"))
	for _, file := range locks {
		if release, err := lock(file, false); err == nil {
			os.RemoveAll(filepath.Dir(file))
			release()
		}
	}
}
