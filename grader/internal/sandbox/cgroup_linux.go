package sandbox

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	grounds = "lockstep-main" // the cgroup that the grader itself moves to
	helpers = 2               // bwrap's own processes in a run's cgroup
)

// cgroup is the control group of one run, of version 2. Version 1 cannot be handed to an
// ordinary user and is not used. A nil *cgroup is none.
type cgroup struct {
	dir string
	fd  *os.File
}

// delegated returns the cgroup in which this process may make others, with the memory and
// pids controllers on, or "". By systemd's rules that is only one marked as delegated:
// whatever else could be written belongs to another manager.
func delegated() string {
	dir := ownCgroup()
	if filepath.Base(dir) == grounds {
		dir = filepath.Dir(dir)
	}
	mark := make([]byte, 1)
	if n, err := unix.Getxattr(dir, "user.delegate", mark); err != nil || n != 1 || mark[0] != '1' {
		return ""
	}
	// A cgroup has processes or children with controllers, not both: move what is in
	// it, this process and those around it in the same scope, to a child.
	main := filepath.Join(dir, grounds)
	if err := os.Mkdir(main, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return ""
	}
	procs, _ := os.ReadFile(filepath.Join(dir, "cgroup.procs"))
	for _, pid := range bytes.Fields(procs) {
		os.WriteFile(filepath.Join(main, "cgroup.procs"), pid, 0)
	}
	if os.WriteFile(filepath.Join(dir, "cgroup.subtree_control"), []byte("+memory +pids"), 0) != nil {
		return ""
	}
	return dir
}

// ownCgroup returns the directory of this process's cgroup, or "".
func ownCgroup() string {
	mounts, _ := os.ReadFile("/proc/self/mountinfo")
	own, _ := os.ReadFile("/proc/self/cgroup")
	return cgroupDir(string(mounts), string(own))
}

// cgroupDir joins the mount point of the version 2 hierarchy and the path of the process in it.
func cgroupDir(mountinfo, own string) string {
	for mount := range strings.Lines(mountinfo) {
		fields := strings.Fields(mount)
		dash := slices.Index(fields, "-")
		if dash < 5 || len(fields) <= dash+1 || fields[dash+1] != "cgroup2" {
			continue
		}
		for line := range strings.Lines(own) {
			if path, ok := strings.CutPrefix(strings.TrimSpace(line), "0::"); ok {
				return filepath.Join(fields[4], path)
			}
		}
	}
	return ""
}

// newCgroup makes a cgroup below parent with what of the limits it has controllers for.
func newCgroup(parent string, l Limits) (*cgroup, error) {
	dir, err := os.MkdirTemp(parent, "lockstep-run-")
	if err != nil {
		return nil, err
	}
	g := &cgroup{dir: dir}
	settings := [][2]string{
		{"memory.max", strconv.FormatInt(l.Memory, 10)},
		{"memory.swap.max", "0"},
		{"memory.oom.group", "1"},
		{"pids.max", strconv.Itoa(l.Processes + helpers)},
	}
	for _, s := range settings {
		err := os.WriteFile(filepath.Join(dir, s[0]), []byte(s[1]), 0o644)
		if err != nil && s[0] != "memory.swap.max" { // which a kernel without swap has not
			g.remove()
			return nil, fmt.Errorf("cannot set %s: %w", s[0], err)
		}
	}
	if g.fd, err = os.Open(dir); err != nil {
		g.remove()
		return nil, err
	}
	return g, nil
}

// adopt has cmd start in the cgroup.
func (g *cgroup) adopt(cmd *exec.Cmd) {
	if g != nil {
		cmd.SysProcAttr.UseCgroupFD, cmd.SysProcAttr.CgroupFD = true, int(g.fd.Fd())
	}
}

// exceeded returns the limit that the kernel enforced, or 0.
func (g *cgroup) exceeded() End {
	switch {
	case g == nil:
		return 0
	case g.read("memory.events", "oom_kill") > 0:
		return MemoryLimit
	case g.read("pids.events", "max") > 0:
		return ProcessLimit
	}
	return 0
}

// account replaces what was sampled by what the kernel has counted.
func (g *cgroup) account(u *usage) {
	if g == nil {
		return
	}
	if cpu := g.read("cpu.stat", "usage_usec"); cpu > 0 {
		u.cpu = time.Duration(cpu) * time.Microsecond
	}
	if peak := g.read("memory.peak", ""); peak > 0 {
		u.memory = peak
	}
}

// read returns the number after key in one of the cgroup's files, or the number the file
// is about if key is ""; 0 if there is none.
func (g *cgroup) read(file, key string) int64 {
	text, _ := os.ReadFile(filepath.Join(g.dir, file))
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		name, value, found := strings.Cut(lines.Text(), " ")
		if !found {
			name, value = "", name
		}
		if name == key {
			n, _ := strconv.ParseInt(value, 10, 64)
			return n
		}
	}
	return 0
}

// remove kills what is left and removes the cgroup, which takes the kernel a moment.
func (g *cgroup) remove() error {
	if g == nil {
		return nil
	}
	if g.fd != nil {
		g.fd.Close()
	}
	os.WriteFile(filepath.Join(g.dir, "cgroup.kill"), []byte("1"), 0)
	err := os.Remove(g.dir)
	for deadline := time.Now().Add(patient); errors.Is(err, unix.EBUSY) && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
		err = os.Remove(g.dir)
	}
	return err
}
