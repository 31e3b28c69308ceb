//go:build grade

package hidden

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
	"lockstep/grader/exam/puppet"
)

// duplex starts a child with Start. When the check ends it is dead and gone.
func duplex(t *testing.T, role string) (*exec.Cmd, *ipc.Conn, func() error) {
	t.Helper()
	cmd := command(t, role)
	conn, wait := start(t, cmd)
	return cmd, conn, wait
}

// start calls Start. When the check ends the child is dead and gone.
func start(t *testing.T, cmd *exec.Cmd) (*ipc.Conn, func() error) {
	t.Helper()
	given := *cmd
	var conn *ipc.Conn
	var err error
	before := started()
	exam.Within(t, "Start(cmd)", func() { conn, err = ipc.Start(cmd) })
	if more := started() - before; more > 0 {
		t.Errorf("goroutines in the chapter's code when Start(cmd) has returned = %d more than before, want no more: it starts none", more)
	}
	wait := sync.OnceValue(cmd.Wait)
	t.Cleanup(func() {
		if cmd.Process != nil {
			cmd.Process.Kill()
			wait()
		}
		if conn != nil {
			conn.Close()
		}
	})
	must(t, "Start(cmd)", err)
	if cmd.Process == nil || conn == nil {
		t.Fatal("Start(cmd) has not started cmd, and returned no error")
	}
	const when = "after Start(cmd), which sets no more than its Stdin and Stdout"
	exam.Equal(t, "cmd.Stderr is still what it was", cmd.Stderr == given.Stderr, true, when)
	exam.Equal(t, "cmd.Env is still what it was", slices.Equal(cmd.Env, given.Env), true, when)
	exam.Equal(t, "cmd.Dir", cmd.Dir, given.Dir, when)
	exam.Equal(t, "cmd.Path", cmd.Path, given.Path, when)
	exam.Equal(t, "cmd.Args are still what they were", slices.Equal(cmd.Args, given.Args), true, when)
	exam.Equal(t, "cmd.ExtraFiles are still what they were", slices.Equal(cmd.ExtraFiles, given.ExtraFiles), true, when)
	exam.Equal(t, "cmd.Cancel is nil", cmd.Cancel == nil, given.Cancel == nil, when)
	if cmd.Cancel != nil {
		exam.Equal(t, "cmd.Cancel is still what it was", cmd.Cancel(), given.Cancel(), when)
	}
	exam.Equal(t, "cmd.WaitDelay", cmd.WaitDelay, given.WaitDelay, when)
	exam.Equal(t, "cmd.SysProcAttr is still what it was", cmd.SysProcAttr == given.SysProcAttr, true, when)
	return conn, func() (err error) {
		t.Helper()
		exam.Within(t, "cmd.Wait()", func() { err = wait() })
		return err
	}
}

// started counts the goroutines that are in the chapter's code.
func started() (n int) {
	stacks := make([]byte, 1<<20)
	for _, stack := range strings.Split(string(stacks[:runtime.Stack(stacks, true)]), "\n\n") {
		if strings.Contains(stack, "\nlockstep/chapters/16-ipc.") {
			n++
		}
	}
	return n
}

// recv calls Recv, which should not take long.
func recv(t *testing.T, conn *ipc.Conn, when string) (message []byte, err error) {
	t.Helper()
	exam.Within(t, "Recv(), "+when, func() { message, err = conn.Recv() })
	return message, err
}

// theirs is the child's end of the pipe that Start makes.
func theirs() *ipc.Conn { return ipc.NewConn(os.Stdin, os.Stdout) }

// echo sends back what it receives.
func echo([]string) error {
	conn := theirs()
	for {
		message, err := conn.Recv()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = conn.Send(message)
		}
		if err != nil {
			return err
		}
	}
}

// TestStart checks that messages go to a real child process and come back whole, large ones too, until either side ends.
//
//grade:todo 16.2
//grade:points 2
//grade:needs TestSendWhole TestRecvWhole TestCloseWrite
func TestStart(t *testing.T) {
	begin(t, connsClosed)
	_, conn, wait := duplex(t, "echo")
	_, other, waitOther := duplex(t, "echo") // which must not inherit the ends of the first

	const senders, each, size = 3, 3, 100_000
	var sending sync.WaitGroup
	var want, got []string
	for i := range senders {
		letter := string(rune('a' + i))
		for range each {
			want = append(want, letter)
		}
		sending.Go(func() {
			for range each {
				conn.Send(bytes.Repeat([]byte(letter), size))
			}
		})
	}
	for range senders * each {
		message, err := recv(t, conn, "other goroutines send, and the child sends everything back")
		must(t, "Recv()", err)
		if len(message) != size || len(bytes.Trim(message, string(message[:1]))) > 0 {
			t.Fatalf("Recv() = %s, want %d equal bytes: each message was that", short(message), size)
		}
		got = append(got, string(message[:1]))
	}
	sending.Wait()
	slices.Sort(got)
	exam.Equal(t, "messages that came back", strings.Join(got, ""), strings.Join(want, ""), "each letter is a message")

	for _, c := range []*ipc.Conn{conn, other} {
		exam.Error(t, `Send("")`, c.Send(nil), nil, "the child lives")
		message, err := recv(t, c, "after Send of no bytes")
		exam.Error(t, "Recv()", err, nil, "the child sends an empty message back")
		exam.Equal(t, "Recv()", string(message), "", "the child sends an empty message back")
	}
	exam.Error(t, "CloseWrite()", conn.CloseWrite(), nil, "the child lives")
	const when = "CloseWrite was called, so the child has ended; a child that was started later lives, and nobody may have the first one's end of the pipe open"
	_, err := recv(t, conn, when)
	is(t, "Recv()", err, io.EOF, when)
	exam.Error(t, "cmd.Wait()", wait(), nil, when)
	other.Close()
	exam.Error(t, "cmd.Wait() of the other child", waitOther(), nil, "Close was called, so it ended")

	file, err := os.Create(filepath.Join(t.TempDir(), "complaints"))
	must(t, "making a file", err)
	defer file.Close()
	for _, stderr := range []io.Writer{nil, file} {
		cmd := command(t, "talk")
		with := exec.CommandContext(context.Background(), cmd.Path)
		with.Env, with.Dir, with.Stderr = cmd.Env, filepath.Dir(file.Name()), stderr
		with.Cancel, with.WaitDelay = func() error { return os.ErrProcessDone }, time.Hour
		_, wait := start(t, with)
		exam.Error(t, "cmd.Wait()", wait(), nil, "the child has sent three messages and ended")
	}
	closes(t)
}

// linger reads and writes nothing until a pipe that it has inherited ends.
func linger([]string) error {
	_, err := io.Copy(io.Discard, inherited())
	return err
}

// closes checks that Close ends a Recv that waits at a real pipe, of which the child keeps its end.
func closes(t *testing.T) {
	t.Helper()
	r, w := pipe(t)
	cmd := command(t, "linger")
	cmd.ExtraFiles = []*os.File{r}
	conn, wait := start(t, cmd)
	var err error
	waiting, done := waits(func() { _, err = conn.Recv() })
	exam.Equal(t, "Recv() waits", waiting, true, "the child has sent nothing, and lives")
	conn.Close()
	exam.Within(t, "Recv(), which waited when Close() was called; the child lives, and has its end open", func() { <-done })
	fails(t, "Recv()", err, "it waited when Close() was called")
	w.Close()
	exam.Error(t, "cmd.Wait()", wait(), nil, "the child has been told to end")
}

// talk sends some messages and ends without waiting for anybody.
func talk([]string) error {
	conn := theirs()
	for i := range 3 {
		if err := conn.Send(fmt.Appendf(nil, "message %d", i)); err != nil {
			return err
		}
	}
	return nil
}

// TestWaitFirst checks that cmd.Wait may be called before Recv, and that nothing the child has sent is lost.
//
//grade:todo 16.2
//grade:points 1
//grade:needs TestStart
func TestWaitFirst(t *testing.T) {
	begin(t, connsClosed)
	_, conn, wait := duplex(t, "talk")
	exam.Error(t, "cmd.Wait()", wait(), nil, "the child has sent three messages and ended")
	for i := range 3 {
		message, err := recv(t, conn, "after cmd.Wait()")
		exam.Error(t, "Recv()", err, nil, "after cmd.Wait(); the child sent three messages before it ended")
		exam.Equal(t, "Recv()", string(message), fmt.Sprintf("message %d", i), "after cmd.Wait()")
	}
	_, err := recv(t, conn, "after cmd.Wait() and all messages")
	is(t, "Recv()", err, io.EOF, "after cmd.Wait() and all messages")
	fails(t, "Send", conn.Send([]byte("hello?")), "the child has ended")
}

// TestStartFails checks that nothing is left if the program cannot be started.
//
//grade:todo 16.2
//grade:points 1
//grade:needs TestStart
func TestStartFails(t *testing.T) {
	begin(t, connsClosed)
	self := command(t, "talk").Path
	for _, c := range []struct {
		why string
		cmd *exec.Cmd
	}{
		{"there is no such program", exec.Command(filepath.Join(t.TempDir(), "none"))},
		{"the program is a directory", &exec.Cmd{Path: t.TempDir()}},
		{"its directory does not exist", &exec.Cmd{Path: self, Dir: filepath.Join(t.TempDir(), "none")}},
	} {
		for range 2 { // Start uses a cmd once, but a caller may not know
			before := openFiles()
			_, err := ipc.Start(c.cmd)
			fails(t, "Start(cmd)", err, c.why)
			exam.Equal(t, "a process has started", c.cmd.Process != nil, false, c.why)
			exam.Equal(t, "open files", openFiles(), before, "after a Start(cmd) that has returned an error: "+c.why)
		}
	}
	for room := range 4 { // two pipes have four ends
		cmd := command(t, "talk")
		before := openFiles()
		back := puppet.LimitFiles(t, room)
		_, err := ipc.Start(cmd)
		back()
		when := fmt.Sprintf("this process may open %d more files", room)
		fails(t, "Start(cmd)", err, when)
		exam.Equal(t, "a process has started", cmd.Process != nil, false, when)
		exam.Equal(t, "open files", openFiles(), before, "after a Start(cmd) that has returned an error: "+when)
	}
}

// deadly is a writer that is killed with its process when it has written some bytes.
type deadly struct {
	io.WriteCloser
	left int
}

func (d *deadly) Write(data []byte) (int, error) {
	if len(data) < d.left {
		d.left -= len(data)
		return d.WriteCloser.Write(data)
	}
	d.WriteCloser.Write(data[:d.left])
	dieNow()
	return 0, nil
}

// dieSending sends a message, and is killed in the midst of the second.
func dieSending([]string) error {
	const last = 1000
	first := []byte("first")
	conn := ipc.NewConn(os.Stdin, &deadly{os.Stdout, len(frame("first")) + last})
	if err := conn.Send(first); err != nil {
		return err
	}
	return conn.Send(make([]byte, 2*last))
}

// cutHeader writes a message and two bytes, and ends as if nothing were wrong.
func cutHeader([]string) error {
	_, err := io.WriteString(os.Stdout, frame("first")+"\x00\x00")
	return err
}

// mute sends a message, closes its pipe and lives on.
func mute([]string) error {
	conn := theirs()
	if err := conn.Send([]byte("first")); err != nil {
		return err
	}
	os.Stdout.Close()
	_, err := conn.Recv()
	if err != io.EOF {
		return fmt.Errorf("Recv() = %v, want io.EOF", err)
	}
	return nil
}

// TestChildDies checks that Recv tells a child that was killed in the midst of a message from one that closed its pipe.
//
//grade:todo 16.2
//grade:points 2
//grade:needs TestStart
func TestChildDies(t *testing.T) {
	begin(t, connsClosed)
	for _, c := range []struct {
		role, what string
		want       error
	}{
		{"die", "the child sent it and was killed (SIGKILL) in the midst of the next message", io.ErrUnexpectedEOF},
		{"cut", "the child sent it, then two bytes of a frame, and ended", io.ErrUnexpectedEOF},
		{"mute", "the child sent it, then closed its standard output, and lives", io.EOF},
	} {
		cmd, conn, wait := duplex(t, c.role)
		message, err := recv(t, conn, c.what)
		exam.Error(t, "Recv()", err, nil, c.what)
		exam.Equal(t, "Recv()", string(message), "first", c.what)
		_, err = recv(t, conn, c.what)
		is(t, "the next Recv()", err, c.want, c.what)
		conn.CloseWrite()
		err = wait()
		if c.role != "die" {
			exam.Error(t, "cmd.Wait()", err, nil, c.what)
		} else if !killed(cmd.ProcessState) {
			t.Errorf("cmd.Wait() = %v, want signal: killed: %s", err, c.what)
		}
		conn.Close()
	}
}
