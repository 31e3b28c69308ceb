package sandbox

import (
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// watched runs c with descriptor 3 the end of a pipe, and returns what was written there. It
// hangs if a process that has the descriptor is still alive when Run has returned: that all
// are dead is what is proved.
func watched(t *testing.T, s Sandbox, c Command, l Limits) (Outcome, string) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	c.Files = append([]*os.File{w}, c.Files...)
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	require.NoError(t, err)
	t.Setenv("TMPDIR", t.TempDir())

	out := run(s, c, l)
	w.Close()
	r.SetReadDeadline(time.Now().Add(10 * time.Second))
	said, err := io.ReadAll(r)
	assert.NoError(t, err, "a process outlived the run")

	after, err := os.ReadFile("/proc/self/mountinfo")
	require.NoError(t, err)
	assert.Equal(t, string(mounts), string(after), "a mount outlived the run")
	left, err := os.ReadDir(os.TempDir())
	require.NoError(t, err)
	assert.Empty(t, left, "a temporary file outlived the run")
	return out, string(said)
}

func TestDaemonDies(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		r, w, err := os.Pipe() // the daemon tells the command that it is alive
		require.NoError(t, err)
		defer r.Close()
		defer w.Close()
		c := act(t, "daemon", "2")
		c.Files = []*os.File{r, w}
		out, said := watched(t, s, c, ample)
		assert.Equal(t, Exited, out.End, out)
		assert.Equal(t, "daemon", said)
		assert.Less(t, out.Wall, ample.Wall, "a daemon that holds stdout must not delay the end")
	})
}

// TestLimits is about the limits of resources: each act has to end for the right reason.
func TestLimits(t *testing.T) {
	few := func(change func(l *Limits)) Limits {
		l := ample
		change(&l)
		return l
	}
	tests := []struct {
		name  string
		act   string
		args  []string
		l     Limits
		want  End
		bwrap bool // only bwrap limits it
	}{
		{"fork bomb", "forkbomb", []string{"7"}, few(func(l *Limits) { l.Processes = 60 }), ProcessLimit, false},
		{"fork bomb without end", "rawbomb", nil, few(func(l *Limits) { l.Processes = 60 }), ProcessLimit, true},
		{"threads", "threads", nil, ample, ProcessLimit, false},
		{"memory", "memory", []string{"500"}, few(func(l *Limits) { l.Memory = 100 << 20 }), MemoryLimit, false},
		{"memory of children", "memories", nil, few(func(l *Limits) { l.Memory = 300 << 20 }), MemoryLimit, false},
		{"page tables", "tables", nil, few(func(l *Limits) { l.Memory = 100 << 20 }), MemoryLimit, false},
		{"CPU", "burn", nil, few(func(l *Limits) { l.CPU = 200 * time.Millisecond }), CPULimit, false},
		{"CPU of children", "burners", nil, few(func(l *Limits) { l.CPU = 400 * time.Millisecond }), CPULimit, false},
		{"disk", "disk", nil, few(func(l *Limits) { l.Disk = 8 << 20 }), DiskLimit, true},
		{"inodes", "inodes", nil, ample, DiskLimit, true},
		{"stubborn", "stubborn", nil, few(func(l *Limits) { l.Wall = 300 * time.Millisecond }), WallLimit, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			each(t, func(t *testing.T, s Sandbox) {
				if test.bwrap && s.Name() != "bwrap" {
					return
				}
				out, _ := watched(t, s, act(t, test.act, test.args...), test.l)
				assert.Equal(t, test.want.String(), out.End.String(), out)
			})
		})
	}
}

// TestDiesWithTheGrader kills a grader in the middle of a run.
func TestDiesWithTheGrader(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) { diesWith(t, act(t, "grader", s.Name())) })
}

// TestDiesWithTheGraderAtOnce kills a grader while it sets up a sandbox.
func TestDiesWithTheGraderAtOnce(t *testing.T) {
	bwrap(t)
	diesWith(t, act(t, "preparing"))
}

// diesWith plays grader, an act, and kills it when it has said that it is ready.
func diesWith(t *testing.T, grader Command) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	cmd := exec.Command(grader.Path, grader.Args...)
	cmd.Env = append(os.Environ(), append(grader.Env, "TMPDIR="+t.TempDir())...)
	cmd.ExtraFiles = []*os.File{w}
	require.NoError(t, cmd.Start())
	w.Close()
	said := make([]byte, len("ready"))
	_, err = io.ReadFull(r, said)
	assert.NoError(t, err)
	assert.Equal(t, "ready", string(said))

	cmd.Process.Kill()
	cmd.Wait()
	r.SetReadDeadline(time.Now().Add(10 * time.Second))
	_, err = io.ReadAll(r)
	assert.NoError(t, err, "a process outlived the grader")
}

func TestAmpleLimitsAreNotHit(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		out, _ := watched(t, s, act(t, "work", "100"), ample)
		assert.Equal(t, Exited, out.End, out)
		assert.Greater(t, out.PeakMemory, int64(100<<20))
		assert.Less(t, out.PeakMemory, int64(400<<20))
		assert.Positive(t, out.CPU)
	})
}

func TestSignals(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		for name, number := range map[string]int{"SIGKILL": 9, "SIGTERM": 15} {
			out, _ := watched(t, s, act(t, "die", strconv.Itoa(number)), ample)
			assert.Equal(t, Signalled, out.End, out)
			assert.Equal(t, name, out.Signal)
		}
	})
}

func TestSecretsCannotBeRead(t *testing.T) {
	s := bwrap(t)
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, nil, 0o644))
	home, _ := os.UserHomeDir()
	for _, proc := range []bool{false, true} {
		c := act(t, "read", secret, filepath.Dir(secret), "/etc/passwd", "/etc", home, home+"/.ssh", "/root", "/home",
			"/sys", "/usr/bin", "/var", "/run", "/proc/self/root/etc/passwd", "/proc/1/environ", "/proc/"+strconv.Itoa(os.Getpid())+"/environ", "/dev/mem", "/dev/kmsg", "/dev/vsock")
		c.Proc = proc
		out, _ := watched(t, s, c, ample)
		require.Equal(t, Exited, out.End, out)
		if !proc { // with it, 1 is bwrap's own init and holds the same environment
			assert.Empty(t, string(out.Stdout))
		} else {
			assert.Subset(t, []string{"/proc/1/environ", ""}, strings.Split(string(out.Stdout), "\n"))
		}
	}
}

// TestShowsOnlyWhatIsNeeded lists the whole file system.
func TestShowsOnlyWhatIsNeeded(t *testing.T) {
	s := bwrap(t)
	c := act(t, "list")
	out, _ := watched(t, s, c, ample)
	require.Equal(t, Exited, out.End, out)
	need := append(libraries(c.Path), c.Path, workDir, "/proc/self/environ", "/proc/self/exe",
		"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
	for _, path := range strings.Fields(string(out.Stdout)) {
		needed := false
		for _, n := range need {
			needed = needed || n == path || strings.HasPrefix(n, strings.TrimSuffix(path, "/")+"/")
		}
		assert.True(t, needed, path)
	}
}

func TestWritesOnlyWhereItMay(t *testing.T) {
	s := bwrap(t)
	c := act(t, "write")
	readOnly, writable := t.TempDir(), t.TempDir()
	c.ReadOnly, c.Writable = []string{filepath.Dir(writable), readOnly}, []string{writable}
	c.Args = []string{"/", "/etc", "/usr", "/lib", "/proc", "/dev", filepath.Dir(c.Path), readOnly, writable, ".", "/tmp"}
	out, _ := watched(t, s, c, ample)
	require.Equal(t, Exited, out.End, out)
	got := strings.Fields(string(out.Stdout))
	if strings.HasPrefix(c.Path, scratch+"/") { // its directory lies in the private file system then
		got = remove(got, filepath.Dir(c.Path))
	}
	assert.Equal(t, []string{writable, ".", "/tmp"}, got)
	assert.FileExists(t, filepath.Join(writable, "written-by-a-test"))
	assert.NoFileExists(t, filepath.Join(filepath.Dir(c.Path), "written-by-a-test"))
	assert.NoFileExists(t, "/tmp/written-by-a-test")
}

func remove(list []string, item string) (rest []string) {
	for _, one := range list {
		if one != item {
			rest = append(rest, one)
		}
	}
	return rest
}

func TestReachesNobody(t *testing.T) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer tcp.Close()
	abstract, err := net.Listen("unix", "@lockstep-test-"+strconv.Itoa(os.Getpid()))
	require.NoError(t, err)
	defer abstract.Close()
	addresses := []string{"tcp " + tcp.Addr().String(), "unix " + abstract.Addr().String()}

	out, _ := watched(t, bwrap(t), act(t, "dial", append(addresses, "udp 192.0.2.1:53")...), ample)
	assert.Equal(t, Exited, out.End, out)
	assert.Empty(t, string(out.Stdout))

	none, err := Open("none")
	require.NoError(t, err)
	out = run(none, act(t, "dial", addresses...), ample)
	assert.Len(t, strings.Split(strings.TrimSpace(string(out.Stdout)), "\n"), 2, "the test itself must be able to reach them")
}

func TestReachesItself(t *testing.T) {
	out, _ := watched(t, bwrap(t), act(t, "loopback"), ample)
	assert.Equal(t, Exited, out.End, out)
	assert.Equal(t, "both", string(out.Stdout))
}

func TestDoorsOfTheKernelAreClosed(t *testing.T) {
	out, _ := watched(t, bwrap(t), act(t, "forbidden"), ample)
	assert.Equal(t, Exited, out.End, out)
	assert.Empty(t, string(out.Stdout))
}

func TestHasNoPrivileges(t *testing.T) {
	c := act(t, "cat", "/proc/self/status")
	c.Proc = true
	out, _ := watched(t, bwrap(t), c, ample)
	require.Equal(t, Exited, out.End, out)
	for _, line := range []string{
		"NoNewPrivs:\t1", "Seccomp:\t2", "CapEff:\t0000000000000000", "CapPrm:\t0000000000000000",
		"CapBnd:\t0000000000000000", "CapAmb:\t0000000000000000", "NSpid:\t2\n",
	} {
		assert.Contains(t, string(out.Stdout), line)
	}
}

func TestCannotKillTheSandbox(t *testing.T) {
	out, _ := watched(t, bwrap(t), act(t, "killall"), ample)
	assert.Equal(t, Exited, out.End, out)
	assert.Equal(t, "still here, parent 1", string(out.Stdout))
}

func TestOpenFilesAreLimited(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		out, _ := watched(t, s, act(t, "open"), ample)
		assert.Equal(t, Exited, out.End, out)
		assert.Contains(t, string(out.Stdout), "true")
		assert.Contains(t, string(out.Stdout), unix.EMFILE.Error())
	})
}

func TestInheritsNoOtherDescriptor(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		out, _ := watched(t, s, act(t, "descriptors"), ample)
		assert.Equal(t, Exited, out.End, out)
		assert.Equal(t, "0 1 2 3 ", string(out.Stdout))
	})
}

func TestRunsShareNothing(t *testing.T) {
	each(t, func(t *testing.T, s Sandbox) {
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				word := strconv.Itoa(i)
				out := run(s, act(t, "keep", word), ample)
				assert.Equal(t, Exited, out.End, out)
				assert.Equal(t, word, string(out.Stdout))
			})
		}
		all.Wait()
	})
}
