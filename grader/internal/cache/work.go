package cache

import (
	"os"
	"path/filepath"
	"time"
)

// WorkDir makes a new directory for one run, and removes those of runs that were
// killed, and from time to time old entries. The caller calls remove when the run is over.
func (c *Cache) WorkDir() (dir string, remove func(), err error) {
	runs := filepath.Join(c.dir, "runs")
	if err := os.MkdirAll(runs, 0o700); err != nil {
		return "", nil, err
	}
	// One run makes its directory, or sweeps, at a time: a directory that is not
	// locked yet would look like a dead run's.
	unlock, err := Lock(filepath.Join(runs, ".lock"), true)
	if err != nil {
		return "", nil, err
	}
	defer unlock()
	sweep(runs)
	c.trim(time.Now())
	dir, err = os.MkdirTemp(runs, "run-*")
	if err != nil {
		return "", nil, err
	}
	release, err := Lock(filepath.Join(dir, ".lock"), true)
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
func sweep(runs string) {
	locks, _ := filepath.Glob(filepath.Join(runs, "run-*", ".lock"))
	for _, file := range locks {
		if release, err := Lock(file, false); err == nil {
			os.RemoveAll(filepath.Dir(file))
			release()
		}
	}
}
