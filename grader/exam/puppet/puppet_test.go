//go:build unix

package puppet_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/exam/puppet"
	"lockstep/grader/exam/wire"
)

// What the test binary can be besides a test; other processes that it starts are stray.
const (
	mark   = "puppet" // the stage's path and the puppet's name follow
	guest  = "guest"  // likewise; it comes and goes
	graded = "graded" // likewise; it is graded, and plays a puppet all the same
)

// The exit statuses of a process that is stray, and of one that should be and is not: it would
// run the tests, and start more.
const (
	strayStatus = 7
	otherStatus = 8
)

// gradedStatus is that of a graded process whose orders have ended, and which goes on.
const gradedStatus = 9

// strayVar is there in the environment of what TestStray starts.
const strayVar = "STRAY"

func TestMain(m *testing.M) {
	switch {
	case len(os.Args) == 4 && os.Args[1] == mark:
		play(os.Args[2], os.Args[3])
	case len(os.Args) == 4 && os.Args[1] == guest:
		puppet.Dial(os.Args[2], os.Args[3])
		syscall.Exit(0)
	case len(os.Args) == 4 && os.Args[1] == graded:
		play(os.Args[2], os.Args[3])
		syscall.Exit(gradedStatus)
	case puppet.Stray():
		syscall.Exit(strayStatus)
	case os.Getenv(strayVar) != "":
		syscall.Exit(otherStatus)
	}
	os.Exit(m.Run())
}

func play(path, name string) {
	p, err := puppet.Dial(path, name)
	if err != nil {
		syscall.Exit(1)
	}
	for o := range p.Orders() {
		switch o.Verb {
		case "exit":
			code, _ := strconv.Atoi(o.Text)
			syscall.Exit(code)
		case "die of SIGUSR1":
			p.Answer("", puppet.DieOf(syscall.SIGUSR1))
		default:
			p.Answer(p.CarryOut(o))
		}
	}
}

// recorder is a testing.TB that only remembers what it was told, and what is to be cleaned up.
type recorder struct {
	testing.TB
	lines    []string
	cleanups []func()
}

func (r *recorder) Helper()          {}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Failed() bool     { return len(r.lines) > 0 }

func (r *recorder) Errorf(format string, args ...any) {
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) { r.Errorf(format, args...) }

// end ends the check, and returns what has been said by then.
func (r *recorder) end() string {
	for _, f := range slices.Backward(r.cleanups) {
		f()
	}
	return strings.Join(r.lines, "\n")
}

// start starts this program once more.
func start(t *testing.T, role string, s *puppet.Stage, name string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, role, s.Path(), name)
	require.NoError(t, cmd.Start())
	return cmd
}

// enter starts a puppet and waits for it.
func enter(t *testing.T, s *puppet.Stage, name string) (*exec.Cmd, *puppet.Puppet) {
	t.Helper()
	cmd := start(t, mark, s, name)
	p, err := s.Wait(nil, name)
	require.NoError(t, err)
	require.Equal(t, name, p.Name)
	require.Equal(t, cmd.Process.Pid, p.Pid)
	return cmd, p
}

func TestPuppetThatEnds(t *testing.T) {
	r := &recorder{}
	s := puppet.NewStage(r)
	cmd, p := enter(t, s, "the child")
	require.True(t, p.Alive())
	p.Tell("exit", "3")
	p.Ends("it was told to exit")
	require.False(t, p.Alive())
	require.EqualError(t, cmd.Wait(), "exit status 3")
	require.Empty(t, r.end())
	require.NoFileExists(t, s.Path())
}

func TestPuppetThatIsLeft(t *testing.T) {
	r := &recorder{}
	cmd, _ := enter(t, puppet.NewStage(r), "the child")
	require.Equal(t, "the child is still running: nothing that was started may be left", r.end())
	require.NoError(t, cmd.Wait(), "it ends with its check")
}

// A check that has failed is not told what else is left, which ends all the same.
func TestPuppetOfAFailedCheck(t *testing.T) {
	r := &recorder{}
	s := puppet.NewStage(r)
	cmd, _ := enter(t, s, "the child")
	unasked := start(t, mark, s, "the other child")
	_, err := s.Wait(nil, "the other child")
	require.NoError(t, err)
	r.Errorf("wrong")
	require.Equal(t, "wrong", r.end())
	require.NoError(t, cmd.Wait())
	require.NoError(t, unasked.Wait())
}

func TestLetGo(t *testing.T) {
	r := &recorder{}
	cmd, p := enter(t, puppet.NewStage(r), "the child")
	p.Close()
	require.NoError(t, cmd.Wait())
	require.Empty(t, r.end())
}

// A graded process must not end with 0 because somebody lets go of a puppet that it plays.
func TestLetGoOfTheGradedProcess(t *testing.T) {
	orders, ours, err := os.Pipe()
	require.NoError(t, err)
	defer orders.Close()
	require.NoError(t, json.NewEncoder(ours).Encode(wire.Orders{}))
	ours.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer null.Close()
	r := &recorder{}
	s := puppet.NewStage(r)
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self, graded, s.Path(), "the test")
	cmd.Env = append(os.Environ(), wire.EnvVar+"=3,4,5")
	cmd.ExtraFiles = []*os.File{null, orders, null}
	require.NoError(t, cmd.Start())
	p, err := s.Wait(nil, "the test")
	require.NoError(t, err)
	p.Close()
	require.EqualError(t, cmd.Wait(), fmt.Sprintf("exit status %d", gradedStatus))
	require.Empty(t, r.end())
}

func TestZombie(t *testing.T) {
	ended := make(chan os.Signal, 10)
	signal.Notify(ended, syscall.SIGCHLD)
	defer signal.Stop(ended)
	r := &recorder{}
	_, p := enter(t, puppet.NewStage(r), "the child")
	p.Tell("exit", "0")
	p.Ends("it was told to exit")
	require.Contains(t, r.end(), "nobody has waited for", "a zombie already, or about to be one")
	const zombie = "a zombie is left: a child has ended, and nobody has waited for it"
	for left := puppet.Leftover(); left != ""; left = puppet.Leftover() {
		if left != zombie {
			<-ended
		}
	}

	r = &recorder{}
	_, p = enter(t, puppet.NewStage(r), "the child")
	require.Contains(t, puppet.Leftover(), "still running")
	p.Tell("exit", "0")
	for puppet.Leftover() != zombie {
		<-ended
	}
	require.Empty(t, puppet.Leftover(), "it has told of the zombie, and so there is none any more")
	require.Empty(t, r.end())
}

func TestCaught(t *testing.T) {
	r := &recorder{}
	s := puppet.NewStage(r)
	catching, p := enter(t, s, "the one that catches")
	p.Do("catch", "")
	require.NoError(t, p.Signal(syscall.SIGTERM))
	require.True(t, p.Caught())
	require.True(t, p.Alive())
	require.True(t, p.Caught(), "it has been, and stays so")
	p.Tell("exit", "3")
	require.EqualError(t, catching.Wait(), "exit status 3")

	ignoring, p := enter(t, s, "the one that ignores")
	p.Do("ignore", "")
	require.NoError(t, p.Signal(syscall.SIGTERM))
	require.True(t, p.Alive())
	p.Tell("exit", "0")
	require.NoError(t, ignoring.Wait())
	require.False(t, p.Caught())

	other, p := enter(t, s, "the one that does neither")
	require.NoError(t, p.Signal(syscall.SIGTERM))
	require.False(t, p.Caught())
	require.EqualError(t, other.Wait(), "signal: terminated")
	require.Empty(t, r.end())
}

func TestDo(t *testing.T) {
	r := &recorder{}
	cmd, p := enter(t, puppet.NewStage(r), "the child")
	p.Do("sing", "")
	require.Equal(t, []string{"the child could not sing: no such order: sing"}, r.lines)
	p.Tell("exit", "0")
	require.NoError(t, cmd.Wait())
	r.lines = nil
	p.Do("ping", "")
	require.Equal(t, []string{"the child has ended before it could ping: it was to go on living"}, r.lines)
	r.end()
}

func TestWait(t *testing.T) {
	r := &recorder{}
	s := puppet.NewStage(r)
	end := make(chan struct{})
	close(end)
	_, err := s.Wait(end, "nobody")
	require.ErrorIs(t, err, puppet.ErrEnd)

	// Who has come and gone has come all the same, before who comes after that.
	for _, name := range []string{"first", "second"} {
		require.NoError(t, start(t, guest, s, name).Wait())
	}
	cmd, p := enter(t, s, "last")
	names := func() (names []string) {
		for _, p := range s.Others() {
			names = append(names, p.Name)
		}
		return names
	}
	require.Equal(t, []string{"first", "second"}, names())
	found, err := s.Wait(nil, "nobody", "second")
	require.NoError(t, err)
	require.Equal(t, "second", found.Name)
	require.Equal(t, []string{"first"}, names())
	require.NoError(t, start(t, guest, s, "third").Wait())
	for len(names()) < 2 { // it has come, and the stage will notice
		runtime.Gosched()
	}
	require.Equal(t, []string{"first", "third"}, names())
	p.Tell("exit", "0")
	require.NoError(t, cmd.Wait())
	require.Empty(t, r.end())
}

func TestStray(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	own := append(os.Environ(), strayVar+"=yes")
	bare := []string{strayVar + "=yes"}
	for _, c := range []struct {
		env, args []string
		want      int
	}{
		{own, nil, strayStatus},
		{own, []string{"something"}, strayStatus},
		{own, []string{"-test.run=^TestStray$"}, strayStatus},
		{bare, nil, strayStatus},
		{bare, []string{"something"}, strayStatus},
		{bare, []string{"-test.run=^TestStray$"}, otherStatus}, // as go test starts it
	} {
		cmd := exec.Command(self, c.args...)
		cmd.Env = c.env
		var exit *exec.ExitError
		require.ErrorAs(t, cmd.Run(), &exit)
		require.Equal(t, c.want, exit.ExitCode(), "%q", c)
	}
}

func TestOpenFiles(t *testing.T) {
	defer puppet.KeepForgottenFiles()()
	var before int
	for i := range 2 {
		file, err := os.Open(os.DevNull) // the first time the runtime opens files of its own
		require.NoError(t, err)
		if i > 0 {
			require.Equal(t, before+1, puppet.OpenFiles())
		}
		require.NoError(t, file.Close())
		if i > 0 {
			require.Equal(t, before, puppet.OpenFiles())
		}
		before = puppet.OpenFiles()
	}
}

func TestLimitFiles(t *testing.T) {
	const room = 2
	back := puppet.LimitFiles(t, room)
	var files []*os.File
	for range room {
		file, err := os.Open(os.DevNull)
		require.NoError(t, err)
		files = append(files, file)
	}
	_, err := os.Open(os.DevNull)
	require.ErrorIs(t, err, syscall.EMFILE)
	for _, file := range files {
		require.NoError(t, file.Close())
	}
	back()
	file, err := os.Open(os.DevNull)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

func TestDieOf(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has system calls that the signal handlers of Go can be taken away with")
	}
	r := &recorder{}
	s := puppet.NewStage(r)
	cmd, p := enter(t, s, "the child")
	require.NoError(t, p.Signal(syscall.SIGUSR1))
	require.True(t, p.Alive(), "Go catches it")
	p.Do("die of SIGUSR1", "")
	require.NoError(t, p.Signal(syscall.SIGUSR1))
	p.Ends("it was to die of SIGUSR1")
	require.EqualError(t, cmd.Wait(), "signal: user defined signal 1")
	require.Empty(t, r.end())
}
