package scripts

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// Bounds on waiting for something to be there: generous, for nothing is proved by them.
const (
	patience = 60 * time.Second
	glance   = 10 * time.Millisecond
)

// strike starts a program, waits until a file that fits the pattern is there or, with
// "running:", until a program of that name runs in the script's folder, sends the first
// one a signal, and wants it to end with a code ("killed" for none):
//
//	strike INT 130 'cache/runs/run-*/*' grader grade
//	strike KILL killed running:check.test grader grade
//
// What it printed is stdout and stderr.
func strike(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: strike signal code pattern program [arg...]")
	}
	signal := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL}[args[0]]
	path, err := lookPath(args[3], ts.Getenv("PATH"))
	ts.Check(err)
	cmd := exec.Command(path, args[4:]...)
	cmd.Args[0] = args[3]
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = environ(ts)
	cmd.Stdout, cmd.Stderr = ts.Stdout(), ts.Stderr()
	ts.Check(cmd.Start())
	defer cmd.Process.Kill()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()

	await(ts, args[2], ended)
	ts.Check(cmd.Process.Signal(signal))
	<-ended
	if got := ending(cmd.ProcessState); got != args[1] {
		ts.Fatalf("%s ended with %s, want %s", args[3], got, args[1])
	}
}

// until waits until a file that fits the pattern is there, or with "running:" a program
// of that name runs in the script's folder:
//
//	until running:check.test
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: until pattern")
	}
	await(ts, args[0], nil)
}

// await waits for what fits the pattern. That ended delivers first is a failure, for
// nothing will come any more.
func await(ts *testscript.TestScript, pattern string, ended <-chan error) {
	for deadline := time.Now().Add(patience); !there(ts, pattern); {
		select {
		case err := <-ended:
			ts.Fatalf("it ended (%v) before there was %s", err, pattern)
		case <-time.After(glance):
		}
		if time.Now().After(deadline) {
			ts.Fatalf("no %s after %s", pattern, patience)
		}
	}
}

// there reports whether what fits the pattern is there.
func there(ts *testscript.TestScript, pattern string) bool {
	if program, ok := strings.CutPrefix(pattern, "running:"); ok {
		for _, p := range processesIn(ts.Getenv("WORK")) {
			if filepath.Base(p.exe) == program {
				return true
			}
		}
		return false
	}
	found, err := filepath.Glob(ts.MkAbs(pattern))
	ts.Check(err)
	return len(found) > 0
}

func ending(state *os.ProcessState) string {
	if code := state.ExitCode(); code >= 0 {
		return strconv.Itoa(code)
	}
	return "killed"
}

// lookPath finds a program on the script's PATH.
func lookPath(name, path string) (string, error) {
	for _, dir := range filepath.SplitList(path) {
		if file := filepath.Join(dir, name); exec.Command("test", "-x", file).Run() == nil {
			return file, nil
		}
	}
	return "", &exec.Error{Name: name, Err: exec.ErrNotFound}
}

// environ is the script's environment, of what a grader looks at.
func environ(ts *testscript.TestScript) (env []string) {
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "GOCACHE", "GOMODCACHE", "LOCKSTEP_CACHE", "TERM"} {
		if v := ts.Getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// leftovers fails when a process of the script's is still there, after a moment in
// which the kernel may bury the killed:
//
//	leftovers
//
// The script's are those that run, stand in or have mounted what is in its folder.
func leftovers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: leftovers")
	}
	for deadline := time.Now().Add(patience / 6); ; time.Sleep(glance) {
		left := processesIn(ts.Getenv("WORK"))
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("still running: %v", left)
		}
	}
}

type process struct{ pid, exe, cmdline string }

// processesIn finds the processes that have to do with dir. Where there is no /proc it
// finds none.
func processesIn(dir string) (found []process) {
	dir += "/" // or the folder of run_killed_out would be run_killed's, too
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, proc := range all {
		cmdline, err := os.ReadFile(proc + "/cmdline")
		if err != nil || len(cmdline) == 0 {
			continue // gone, or dead and not buried
		}
		cwd, _ := os.Readlink(proc + "/cwd")
		cwd += "/"
		exe, _ := os.Readlink(proc + "/exe")
		mounts, _ := os.ReadFile(proc + "/mountinfo")
		if strings.HasPrefix(cwd, dir) || strings.HasPrefix(exe, dir) ||
			bytes.Contains(cmdline, []byte(dir)) || bytes.Contains(mounts, []byte(dir)) {
			found = append(found, process{filepath.Base(proc), exe, string(bytes.ReplaceAll(cmdline, []byte{0}, []byte(" ")))})
		}
	}
	return found
}
