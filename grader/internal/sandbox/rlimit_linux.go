package sandbox

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

const (
	maxOpenFiles = 1024
	cpuMargin    = 2 * time.Second // the watcher, which asks for a dump, comes first
	taskMargin   = 64              // so that the watcher sees the excess
)

// limitProcess sets the limits of a process that it hands on to what it starts.
func limitProcess(pid int, l Limits) error {
	limits := []struct {
		name     string
		resource int
		value    uint64
	}{
		{"core", unix.RLIMIT_CORE, 0},
		{"nofile", unix.RLIMIT_NOFILE, maxOpenFiles},
		{"fsize", unix.RLIMIT_FSIZE, uint64(l.Disk)},
		{"cpu", unix.RLIMIT_CPU, uint64((l.CPU + cpuMargin + time.Second - 1) / time.Second)},
		{"msgqueue", unix.RLIMIT_MSGQUEUE, 0},
	}
	for _, limit := range limits {
		if err := lower(pid, limit.resource, limit.value); err != nil {
			return fmt.Errorf("cannot set the limit %s: %w", limit.name, err)
		}
	}
	return nil
}

// lower sets both the soft and the hard limit to at most value. A process that has
// ended needs no limit.
func lower(pid, resource int, value uint64) error {
	var old unix.Rlimit
	err := unix.Prlimit(pid, resource, nil, &old)
	if err == nil {
		value = min(value, old.Max)
		err = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: value, Max: value}, nil)
	}
	if err == unix.ESRCH {
		return nil
	}
	return err
}
