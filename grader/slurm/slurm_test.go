//go:build linux

package slurm

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Waiting for a machine that is not ours: for how long at most, and how often to look.
const (
	patience = 4 * time.Minute
	glance   = 200 * time.Millisecond
)

// TestArray grades a class as a job array on a cluster of one machine, kills a task half
// way, requeues it and merges: the grades are those of a run in one piece.
func TestArray(t *testing.T) {
	c := newCluster(t)
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	course := filepath.Join(root, "grader/testdata/fixtures/small")
	forks := filepath.Join(c.dir, "forks")
	for i, answer := range []string{"42", "41", "40 + 2", "7 * 6", "43", "84 / 2"} {
		text := fmt.Sprintf("package other\n\nfunc Answer() int { return %s }\n\nfunc Twice() int { return 84 }\n", answer)
		c.write(fmt.Sprintf("forks/student-%d/chapters/02-other/other.go", i), text, 0o644)
	}
	grader := filepath.Join(c.dir, "grader")
	c.run("go", "build", "-o", grader, "lockstep/grader")
	args := []string{"--course", course, "--chapters", "2"}
	c.run(grader, append([]string{"class", forks, "--out", filepath.Join(c.dir, "whole")}, args...)...)

	// The second task, the first time, grades one student and is then where it can be killed.
	half, never := filepath.Join(c.dir, "half"), filepath.Join(c.dir, "never")
	require.NoError(t, syscall.Mkfifo(half, 0o600))
	require.NoError(t, syscall.Mkfifo(never, 0o600))
	c.write("gate", fmt.Sprintf(`#!/bin/sh
if [ "$SLURM_ARRAY_TASK_ID" = 2 ] && [ "${SLURM_RESTART_COUNT:-0}" = 0 ]; then
	%[1]s "$@" --only student-1
	echo $$ >%[2]s
	exec cat %[3]s
fi
exec %[1]s "$@"
`, grader, half, never), 0o755)
	c.env = append(c.env, "SOURCE="+forks, "OUT="+filepath.Join(c.dir, "grades"), "GRADER="+filepath.Join(c.dir, "gate"))
	job := strings.TrimSpace(c.run("sbatch", append([]string{"--parsable", "--array=1-3", "--cpus-per-task=1",
		"--chdir=" + c.dir, filepath.Join(root, "grader/slurm/class.sbatch")}, args...)...))
	second := job + "_2"

	reached := make(chan string, 1)
	go func() {
		data, err := os.ReadFile(half) // waits for the writer
		if err != nil {
			t.Error(err)
		}
		reached <- strings.TrimSpace(string(data))
	}()
	var pid int
	select {
	case said := <-reached:
		pid, err = strconv.Atoi(said)
		require.NoError(t, err)
	case <-time.After(patience):
		require.Fail(t, "the second task did not begin", c.logs())
	}
	require.FileExists(t, filepath.Join(c.dir, "grades/part2/results/student-1.json"))
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	c.until("the task is dead", func() bool { return c.state(second) == "FAILED" })
	require.NoFileExists(t, filepath.Join(c.dir, "grades/part2/results/student-4.json"), "it was killed half way")
	c.run("scontrol", "requeue", second)
	for _, task := range []string{"_1", "_2", "_3"} {
		c.until("task "+task+" is done", func() bool { return c.state(job+task) == "COMPLETED" })
	}

	parts, err := filepath.Glob(filepath.Join(c.dir, "grades/part*"))
	require.NoError(t, err)
	require.Len(t, parts, 3)
	c.run(grader, append(append([]string{"merge"}, parts...), "--out", filepath.Join(c.dir, "merged"))...)
	for _, name := range []string{"grades.csv", "index.html", "junit.xml"} {
		assert.Equal(t, c.read("whole/"+name), c.read("merged/"+name), name)
	}
	assert.Contains(t, c.read("merged/grades.csv"), "student-5")
}

// cluster is Slurm on one machine: a controller, a node and their authentication.
type cluster struct {
	t   *testing.T
	dir string
	env []string
}

// newCluster starts one, or skips; in CI nothing may skip.
func newCluster(t *testing.T) *cluster {
	skip := func(format string, args ...any) {
		if os.Getenv("LOCKSTEP_CI") != "" {
			t.Fatalf(format, args...)
		}
		t.Skipf(format, args...)
	}
	for _, name := range []string{"munged", "slurmctld", "slurmd", "sbatch"} {
		if _, err := exec.LookPath(name); err != nil {
			skip("Slurm's %s is missing: Debian's packages are slurm-wlm and munge, and grader/install-tools.sh installs them", name)
		}
	}
	if os.Getuid() != 0 {
		skip("Slurm's daemons are started as root")
	}
	host, err := os.Hostname()
	require.NoError(t, err)
	host, _, _ = strings.Cut(host, ".")
	// Sockets have short names, and munge wants a folder that only root writes to.
	dir, err := os.MkdirTemp("", "slurm")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	c := &cluster{t: t, dir: dir, env: append(os.Environ(), "SLURM_CONF="+filepath.Join(dir, "slurm.conf"), "LOCKSTEP_CACHE="+filepath.Join(dir, "cache"))}
	c.write("munge.key", strings.Repeat("not a secret, for this machine. ", 32), 0o400)
	c.write("slurm.conf", strings.NewReplacer("DIR", dir, "HOST", host).Replace(`ClusterName=lockstep
SlurmctldHost=HOST(127.0.0.1)
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=DIR/munge.sock,cred_expire=5
SlurmUser=root
SlurmdUser=root
SlurmctldPort=26817
SlurmdPort=26818
StateSaveLocation=DIR/state
SlurmdSpoolDir=DIR/spool
SlurmctldPidFile=DIR/slurmctld.pid
SlurmdPidFile=DIR/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,bf_interval=1
ReturnToService=2
KillWait=1
NodeName=HOST NodeAddr=127.0.0.1 CPUs=2
PartitionName=all Nodes=ALL Default=YES State=UP
`), 0o644)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "state"), 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "spool"), 0o755))
	c.start("munged", "--foreground", "--force", "--socket="+dir+"/munge.sock", "--key-file="+dir+"/munge.key",
		"--pid-file="+dir+"/munged.pid", "--seed-file="+dir+"/munge.seed", "--log-file="+dir+"/munged.log")
	c.until("munged answers", func() bool {
		return exec.Command("munge", "--socket="+dir+"/munge.sock", "--no-input").Run() == nil
	})
	c.start("slurmctld", "-D", "-f", dir+"/slurm.conf")
	c.start("slurmd", "-D", "-f", dir+"/slurm.conf", "-N", host)
	c.until("the node is idle", func() bool {
		out, err := c.command("sinfo", "--noheader", "--format=%T").Output()
		return err == nil && strings.TrimSpace(string(out)) == "idle"
	})
	return c
}

// start starts a daemon that ends with the test. What it says is in its log.
func (c *cluster) start(name string, args ...string) {
	log, err := os.Create(filepath.Join(c.dir, name+".out"))
	require.NoError(c.t, err)
	cmd := c.command(name, args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	require.NoError(c.t, cmd.Start())
	c.t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
		log.Close()
	})
}

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(context.Background(), name, args...)
	cmd.Env = c.env
	return cmd
}

// run runs a command that must succeed and returns its output.
func (c *cluster) run(name string, args ...string) string {
	c.t.Helper()
	cmd := c.command(name, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	require.NoError(c.t, err, "%s %v: %s%s", name, args, out, said.String())
	return string(out)
}

// until waits until something holds.
func (c *cluster) until(what string, holds func() bool) {
	c.t.Helper()
	for deadline := time.Now().Add(patience); !holds(); <-time.After(glance) {
		if time.Now().After(deadline) {
			require.Fail(c.t, "waited too long until "+what, c.logs())
		}
	}
}

// state is Slurm's word for how a job is.
func (c *cluster) state(job string) string {
	out, _ := c.command("scontrol", "show", "job", "--oneliner", job).Output()
	_, rest, _ := strings.Cut(string(out), "JobState=")
	word, _, _ := strings.Cut(rest, " ")
	return word
}

func (c *cluster) logs() string {
	var b strings.Builder
	for _, pattern := range []string{"*.out", "class-*.log"} {
		files, _ := filepath.Glob(filepath.Join(c.dir, pattern))
		for _, file := range files {
			data, _ := os.ReadFile(file)
			fmt.Fprintf(&b, "== %s\n%s\n", filepath.Base(file), data)
		}
	}
	return b.String()
}

func (c *cluster) write(name, text string, mode os.FileMode) {
	to := filepath.Join(c.dir, name)
	require.NoError(c.t, os.MkdirAll(filepath.Dir(to), 0o755))
	require.NoError(c.t, os.WriteFile(to, []byte(text), mode))
}

func (c *cluster) read(name string) string {
	data, err := os.ReadFile(filepath.Join(c.dir, name))
	require.NoError(c.t, err)
	return string(data)
}
