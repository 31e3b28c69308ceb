//go:build grade

package hidden

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
)

// roleVar names the environment variable that makes of the test binary a child process, and
// says which one.
const roleVar = "CHAPTER_IPC"

// roles are the main functions of the children.
var roles = map[string]func(args []string) error{
	"echo":     echo,
	"talk":     talk,
	"mute":     mute,
	"linger":   linger,
	"die":      dieSending,
	"cut":      cutHeader,
	"hold":     holdLock,
	"sleep":    sleep,
	"map":      mapToo,
	"count":    count,
	"produce":  produce,
	"consume":  consume,
	"die-put":  diePutting,
	"wait-get": waitGetting,
	"die-get":  dieGetting,
	"manage":   manage,
	"client":   client,
	"die-ask":  dieAsking,
}

// TestMain is the main function of many programs: of the tests, and of each child.
func TestMain(m *testing.M) {
	role := os.Getenv(roleVar)
	if role == "" {
		exam.Main(m, ipc.ErrTooLarge, ipc.ErrServed)
	}
	if err := roles[role](os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "the child %q: %v\n", role, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// command returns this program once more, as a child with that role.
func command(t *testing.T, role string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatalf("the test cannot find itself: %v", err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), roleVar+"="+role)
	cmd.Stderr = os.Stderr // races in the child are the check's
	return cmd
}

// child is a process that runs. What it is told, and what it says, is a line each.
type child struct {
	t     *testing.T
	name  string
	cmd   *exec.Cmd
	in    *os.File // its standard input; closed, it ends
	out   *os.File // its standard output, of the other end of which it and its children have the only copies
	lines *bufio.Reader
	once  sync.Once
	ended error // how
}

// spawn starts a child. Its files are 3, 4 and so on. When the check ends it is dead and gone.
func spawn(t *testing.T, files []*os.File, role string, args ...string) *child {
	t.Helper()
	c := &child{t: t, name: role, cmd: command(t, role, args...)}
	c.cmd.ExtraFiles = files
	stdin, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, stdout, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c.cmd.Stdin, c.cmd.Stdout, c.in, c.out, c.lines = stdin, stdout, in, out, bufio.NewReader(out)
	err = c.cmd.Start()
	stdin.Close()
	stdout.Close()
	t.Cleanup(func() {
		in.Close()
		out.Close()
		c.reap()
	})
	if err != nil {
		t.Fatalf("the child cannot be started: %v", err)
	}
	return c
}

// reap kills the child and waits for its end.
func (c *child) reap() {
	if c.cmd.Process != nil {
		c.cmd.Process.Kill()
		c.wait()
	}
}

func (c *child) wait() error {
	c.once.Do(func() { c.ended = c.cmd.Wait() })
	return c.ended
}

// says returns the next line that the child says, and io.EOF after its end.
func (c *child) says() (string, error) {
	c.out.SetReadDeadline(time.Now().Add(exam.Patience)) // passes in full only if the check fails
	line, err := c.lines.ReadString('\n')
	return strings.TrimSuffix(line, "\n"), err
}

// hear waits until the child says that line.
func (c *child) hear(want string) {
	c.t.Helper()
	got, err := c.says()
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		c.t.Fatalf("the child process %q has not come to say %q within %v", c.name, want, exam.Patience)
	case err != nil:
		c.t.Fatalf("the child process %q has ended before it said %q: %v", c.name, want, c.wait())
	case got != want:
		c.t.Fatalf("the child process %q says %q, want %q", c.name, got, want)
	}
}

// tell writes a line to the child.
func (c *child) tell(line string) { fmt.Fprintln(c.in, line) }

// end closes the child's input and waits until it has ended well.
func (c *child) end(when string) {
	c.t.Helper()
	c.in.Close()
	exam.Within(c.t, fmt.Sprintf("the end of the child process %q, %s", c.name, when), func() { c.wait() })
	if c.ended != nil {
		c.t.Fatalf("the child process %q ended with %v, want success: %s", c.name, c.ended, when)
	}
}

// kill kills the child and waits for its end.
func (c *child) kill() {
	c.t.Helper()
	c.cmd.Process.Kill()
	exam.Within(c.t, "the end of the child process after SIGKILL", func() { c.wait() })
}

// told waits for a line of the parent's. An error is the end of the input.
func told() (string, error) { return input.ReadString('\n') }

var input = bufio.NewReader(os.Stdin)

// sleep waits until its input ends.
func sleep([]string) error {
	fmt.Println("awake")
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// is fails the test unless a call returned that very error.
func is(t testing.TB, call string, got, want error, when string) {
	t.Helper()
	if got != want {
		t.Errorf("%s = error %v, want %v itself: %s", call, got, want, when)
	}
}

// fails fails the test unless a call returned an error.
func fails(t testing.TB, call string, got error, when string) {
	t.Helper()
	if got == nil {
		t.Errorf("%s = no error, want one: %s", call, when)
	}
}

// must ends the test if a call that the check needs has failed.
func must(t testing.TB, call string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s = error %q, want none", call, err)
	}
}

// openLock returns a FileLock that is closed when the check ends.
func openLock(t testing.TB, path string) *ipc.FileLock {
	t.Helper()
	l, err := ipc.OpenLock(path)
	must(t, "OpenLock(path)", err)
	if l == nil {
		t.Fatal("OpenLock(path) = nil, and no error")
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// short returns an end of a text that one can read at a glance.
func short(text []byte) string {
	const most = 20
	if len(text) <= most {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprintf("%q… (%d bytes)", text[:most], len(text))
}
