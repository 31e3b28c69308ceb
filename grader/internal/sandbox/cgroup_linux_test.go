package sandbox

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCgroupDir(t *testing.T) {
	const two = "31 24 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw\n"
	const hybrid = "32 25 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n" +
		"33 25 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
	assert.Equal(t, "/sys/fs/cgroup/user.slice/run-1.scope", cgroupDir(two, "0::/user.slice/run-1.scope\n"))
	assert.Equal(t, "/sys/fs/cgroup/unified/a", cgroupDir(hybrid, "4:memory:/b\n0::/a\n"))
	assert.Empty(t, cgroupDir("32 25 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n", "4:memory:/b\n"))
	assert.Empty(t, cgroupDir("", ""))
}

// TestCgroupSettings reads and writes a folder in place of a cgroup.
func TestCgroupSettings(t *testing.T) {
	g, err := newCgroup(t.TempDir(), ample)
	require.NoError(t, err)
	read := func(file string) string {
		text, err := os.ReadFile(filepath.Join(g.dir, file))
		require.NoError(t, err)
		return string(text)
	}
	assert.Equal(t, "1073741824", read("memory.max"))
	assert.Equal(t, "1", read("memory.oom.group"))
	assert.Equal(t, "202", read("pids.max"))
	assert.Zero(t, g.exceeded())

	tell := func(file, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(g.dir, file), []byte(text), 0o600))
	}
	tell("cpu.stat", "usage_usec 1500\nuser_usec 1000\n")
	tell("memory.peak", "4096\n")
	var u usage
	g.account(&u)
	assert.Equal(t, usage{cpu: 1500 * time.Microsecond, memory: 4096}, u)

	tell("pids.events", "max 1\n")
	assert.Equal(t, ProcessLimit, g.exceeded())
	tell("memory.events", "low 0\nhigh 0\nmax 17\noom 1\noom_kill 0\noom_group_kill 0\n")
	assert.Equal(t, ProcessLimit, g.exceeded())
	tell("memory.events", "low 0\nhigh 0\nmax 17\noom 1\noom_kill 2\noom_group_kill 1\n")
	assert.Equal(t, MemoryLimit, g.exceeded())
}

func TestNoCgroup(t *testing.T) {
	var g *cgroup
	assert.Zero(t, g.exceeded())
	assert.NoError(t, g.remove())
	_, err := newCgroup(filepath.Join(t.TempDir(), "missing"), ample)
	assert.Error(t, err)
}
