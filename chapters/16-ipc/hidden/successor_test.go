//go:build grade

package hidden

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
)

// TestListen checks that Listen takes the place of a manager that was killed, and of nobody and nothing else.
//
//grade:todo 16.5
//grade:points 3
//grade:needs TestManagerProcesses
func TestListen(t *testing.T) {
	begin(t, listenersClosed)
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
		if text, err := os.ReadFile(path); c.what == "a file" {
			must(t, "reading the file", err)
			exam.Equal(t, "the file at path", string(text), "my thesis", "after Listen(path)")
		}
		must(t, "removing "+c.what, os.Remove(path))
	}
	_, err = ipc.Listen(filepath.Join(path, "none"))
	fails(t, "Listen(path)", err, "path is in a directory that does not exist")
	listenBusy(t)
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
