//go:build grade

package hidden

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestListen checks that Listen takes the place of a manager that was killed, and of nobody and nothing else.
//
//grade:todo 16.5
//grade:points 3
//grade:needs TestManagerProcesses
func TestListen(t *testing.T) {
	begin(t, listenersClosed)
	listenTogether(t) // before there is a Dict, which may have a goroutine that has not ended yet
	path := socketPath(t)
	listen := func() (l net.Listener, err error) {
		t.Helper()
		exam.Within(t, "Listen(path)", func() { l, err = ipc.Listen(path) })
		if l != nil {
			t.Cleanup(func() { l.Close() })
		}
		return l, err
	}
	first := startManager(t, path)
	d := dial(t, path)
	exam.Within(t, "Set", func() { exam.Error(t, "Set", d.Set("k", "v"), nil, "the manager serves") })
	for range 2 {
		_, err := listen()
		if !exam.Error(t, "Listen(path)", err, ipc.ErrServed, "another process serves there") {
			return
		}
		other := dial(t, path)
		exam.Within(t, "Get, after Listen(path) by another process", func() {
			wantGet(t, other, "k", "v", true, "another process has called Listen(path)")
			wantGet(t, d, "k", "v", true, "another process has called Listen(path)")
		})
	}
	first.kill()
	exam.Within(t, "Get, when the manager was killed", func() {
		_, _, err := d.Get("k")
		fails(t, "Get", err, "the manager was killed")
		_, err = ipc.Dial(path)
		fails(t, "Dial(path)", err, "the manager was killed")
	})

	second := startManager(t, path)
	other := dial(t, path)
	exam.Within(t, "Get from the manager that has taken the place of the dead", func() {
		wantGet(t, other, "k", "", false, "this manager is new")
		_, _, err := d.Get("k")
		fails(t, "Get", err, "its manager was killed, and another one has taken the place")
	})
	second.end("its context has ended")
	l, err := listen()
	exam.Error(t, "Listen(path)", err, nil, "the manager has ended as it should")
	if l != nil {
		l.Close()
	}

	for _, c := range []struct {
		what string
		make func() error
	}{
		{"a file", func() error { return os.WriteFile(path, []byte("my thesis"), 0o600) }},
		{"an empty directory", func() error { return os.Mkdir(path, 0o700) }},
		{"a named pipe", func() error { return makePipe(path) }},
		{"a symbolic link to a file", func() error {
			if err := os.WriteFile(path+".far", nil, 0o600); err != nil {
				return err
			}
			return os.Symlink(path+".far", path)
		}},
	} {
		must(t, "making "+c.what, c.make())
		before, err := os.Lstat(path)
		must(t, "lstat(2)", err)
		for range 2 {
			_, err = listen()
			fails(t, "Listen(path)", err, "at path there is "+c.what)
			after, err := os.Lstat(path)
			if err != nil || !os.SameFile(before, after) {
				t.Fatalf("%s at path is gone or another one, after Listen(path)", c.what)
			}
		}
		if c.what == "a file" {
			text, err := os.ReadFile(path)
			must(t, "reading the file", err)
			exam.Equal(t, "the file at path", string(text), "my thesis", "after Listen(path)")
		}
		must(t, "removing "+c.what, os.Remove(path))
	}
	_, err = ipc.Listen(filepath.Join(path, "none"))
	fails(t, "Listen(path)", err, "path is in a directory that does not exist")
	there, err := os.ReadDir(filepath.Dir(path))
	must(t, "reading the directory", err)
	for _, file := range there {
		if name := filepath.Join(filepath.Dir(path), file.Name()); name != path && name != path+".lock" && name != path+".far" {
			t.Errorf("Listen(%q) has made the file %q, want no file of its own, or %q", path, name, path+".lock")
		}
	}
	listenForeign(t)
	listenBusy(t)
	listenAgain(t)
}

// listenForeign checks that Listen takes nothing away from a program that lives and does not know
// of this chapter, be its socket such that nobody can connect to it as a client of a manager does.
func listenForeign(t *testing.T) {
	t.Helper()
	for _, c := range []struct {
		when   string
		listen func(path string) (io.Closer, error)
		want   error // or any
	}{
		{"another program listens there, with net.Listen and no lock", func(path string) (io.Closer, error) { return net.Listen("unix", path) }, ipc.ErrServed},
		{"a datagram socket of a living program is there, to which none of another kind can connect; that is no refusal",
			func(path string) (io.Closer, error) {
				return net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
			}, nil},
	} {
		path := socketPath(t)
		foreign, err := c.listen(path)
		must(t, "listening, as another program does", err)
		defer foreign.Close()
		before, err := os.Lstat(path)
		must(t, "lstat(2)", err)
		var l net.Listener
		exam.Within(t, "Listen(path), where "+c.when, func() { l, err = ipc.Listen(path) })
		if err == nil && l != nil {
			defer l.Close()
		}
		if c.want == nil {
			fails(t, "Listen(path)", err, c.when)
		} else {
			exam.Error(t, "Listen(path)", err, c.want, c.when)
		}
		after, err := os.Lstat(path)
		if err != nil || !os.SameFile(before, after) {
			t.Fatalf("the socket at path is gone or another one, after Listen(path): %s", c.when)
		}
	}
}

// listenAgain checks that who closes a listener twice takes nothing away from the next one.
func listenAgain(t *testing.T) {
	t.Helper()
	path := socketPath(t)
	first, err := ipc.Listen(path)
	must(t, "Listen(path)", err)
	must(t, "first.Close()", first.Close())
	second, err := ipc.Listen(path)
	must(t, "Listen(path), after first.Close()", err)
	defer second.Close()
	first.Close() // what it returns does not matter
	socket, err := net.Dial("unix", path)
	if err != nil {
		t.Fatalf("nobody can connect to second any more (%v): first was closed, then came second, err := Listen(path), and then first.Close() was called once more", err)
	}
	socket.Close()
}

// listenTogether checks that of two who find the socket of a dead one, at the same time, the later
// does not take the place of the earlier. A step is a call outside of the answer, such as that to look
// at the file, to connect, to remove it and to listen.
func listenTogether(t *testing.T) {
	t.Helper()
	interleave.Explore(t, func(t *testing.T) {
		path := socketPath(t)
		dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
		must(t, "listening, as a manager does that will be dead", err)
		dead.SetUnlinkOnClose(false)
		dead.Close()
		var listeners [2]net.Listener
		var errs [2]error
		listen := func(i int) func() {
			return func() { listeners[i], errs[i] = ipc.Listen(path) }
		}
		exam.Together(listen(0), listen(1))
		const when = "the manager at path is dead, and two call Listen(path) at the same time"
		n := 0
		for i, l := range listeners {
			if errs[i] == nil && l != nil {
				n++
				defer l.Close()
			}
		}
		// None may be a matter of the clock, which is not the system's here.
		if n > 1 {
			t.Fatalf("both Listen(path) = a listener and no error, want ErrServed from the later one, whoever that is: %s", when)
		}
		if n == 1 {
			socket, err := net.Dial("unix", path)
			if err != nil {
				t.Fatalf("nobody can connect to the one listener (%v): %s", err, when)
			}
			socket.Close()
		}
	}, interleave.Preemptions(1), interleave.Budget(400), interleave.Schedules(50))
}

// listenBusy checks that Listen takes nothing away from somebody who lives and does not accept,
// be it that so many want to connect to him that there is no room.
func listenBusy(t *testing.T) {
	t.Helper()
	path := socketPath(t)
	owner, err := ipc.Listen(path)
	must(t, "Listen(path)", err)
	defer owner.Close()
	accept, fill := busy(t, path)
	before, err := os.Lstat(path)
	must(t, "lstat(2)", err)
	for _, when := range []string{
		"somebody listens there, and does not accept yet",
		"somebody listens there, and so many want to connect that there is no room",
	} {
		var l net.Listener
		var err error
		waiting, done := waits(func() { l, err = ipc.Listen(path) })
		if waiting { // until there is room, why not
			accept()
		}
		exam.Within(t, "Listen(path), where "+when, func() { <-done })
		if l != nil {
			l.Close()
		}
		fails(t, "Listen(path)", err, when)
		after, err := os.Lstat(path)
		if err != nil || !os.SameFile(before, after) {
			t.Fatalf("the socket at path is gone or another one, after Listen(path): %s", when)
		}
		if !fill() { // it has no such limit, or refuses
			return
		}
	}
}
