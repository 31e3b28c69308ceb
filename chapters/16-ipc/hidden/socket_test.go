//go:build grade

package hidden

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
)

// socketPath returns a path that is short enough for a socket, which t.TempDir's need not be.
func socketPath(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ipc")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}

// manage serves a dict until its input ends.
func manage(args []string) error {
	l, err := ipc.Listen(args[0])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		told()
		cancel()
	}()
	fmt.Println("listening")
	return ipc.NewManager().Serve(ctx, l)
}

// startManager starts a manager in a process of its own.
func startManager(t *testing.T, path string) *child {
	t.Helper()
	m := spawn(t, nil, "manage", path)
	m.hear("listening")
	return m
}

// dial returns a client's dict, which is closed when the check ends.
func dial(t *testing.T, path string) (d *ipc.Dict) {
	t.Helper()
	var err error
	exam.Within(t, "Dial(path)", func() { d, err = ipc.Dial(path) })
	must(t, "Dial(path)", err)
	if d == nil {
		t.Fatal("Dial(path) = nil, and no error")
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// raw connects to a manager without the chapter's code.
func raw(t *testing.T, path string) net.Conn {
	t.Helper()
	socket, err := net.Dial("unix", path)
	if err != nil {
		t.Fatalf("nobody can connect to the manager: %v", err)
	}
	t.Cleanup(func() { socket.Close() })
	return socket
}

// increment adds 1 to the value of a key, so many times.
func increment(d *ipc.Dict, key string, times int) error {
	for done := 0; done < times; {
		value, _, err := d.Get(key)
		if err != nil {
			return err
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			return err
		}
		swapped, err := d.CompareAndSwap(key, value, strconv.Itoa(n+1))
		if err != nil {
			return err
		}
		if swapped {
			done++
		}
	}
	return nil
}

// client counts.
func client(args []string) error {
	d, err := ipc.Dial(args[0])
	if err != nil {
		return err
	}
	times, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	defer d.Close()
	return increment(d, "n", times)
}

// TestManagerProcesses checks that processes share a dict, and that a client that says nothing keeps none of them waiting.
//
//grade:todo 16.5
//grade:points 3
//grade:needs TestDictOneStep TestDictAnswers TestServe
func TestManagerProcesses(t *testing.T) {
	begin(t, dictsClosed)
	const children, times = 2, 40
	path := socketPath(t)
	m := startManager(t, path)
	raw(t, path) // connects first, and is silent
	d := dial(t, path)
	exam.Within(t, "Set, while another client is connected and silent", func() { exam.Error(t, "Set", d.Set("n", "0"), nil, "the manager serves") })
	var clients []*child
	for range children {
		clients = append(clients, spawn(t, nil, "client", path, strconv.Itoa(times)))
	}
	exam.Within(t, "counting with CompareAndSwap in three processes", func() {
		exam.Error(t, "Get and CompareAndSwap", increment(d, "n", times), nil, "the manager serves")
	})
	for _, c := range clients {
		c.end("it has counted")
	}
	exam.Within(t, "Get", func() {
		wantGet(t, d, "n", strconv.Itoa((children+1)*times), true, fmt.Sprintf("three processes have counted to %d", times))
	})
	m.end("its context has ended, and two clients are still connected")
}

// dieAsking is killed in the midst of a request.
func dieAsking(args []string) error {
	socket, err := net.Dial("unix", args[0])
	if err != nil {
		return err
	}
	return ipc.NewDict(ipc.NewConn(socket, &deadly{socket, 5})).Set("k", "of the dead")
}

// TestManagerSurvives checks that a manager goes on serving when clients are killed in the midst of a request, or send garbage.
//
//grade:todo 16.5
//grade:points 2
//grade:needs TestManagerProcesses TestServeConnGarbage
func TestManagerSurvives(t *testing.T) {
	begin(t, dictsClosed)
	path := socketPath(t)
	m := startManager(t, path)
	d := dial(t, path)
	still := func(when string) {
		t.Helper()
		exam.Within(t, "Get, when "+when, func() { wantGet(t, d, "k", "v", true, when) })
	}
	exam.Within(t, "Set", func() { exam.Error(t, "Set", d.Set("k", "v"), nil, "the manager serves") })
	dead := spawn(t, nil, "die-ask", path)
	exam.Within(t, "the end of a process that kills itself", func() { dead.wait() })
	if !killed(dead.cmd.ProcessState) {
		t.Fatalf("the process ended with %v, want signal: killed", dead.ended)
	}
	still("another client was killed (SIGKILL) in the midst of a request")
	for _, text := range []string{"\x00\x00", "\x00\x00\x00\x09half", "\xff\xff\xff\xff", frame("\xff\xfe"), ""} {
		socket := raw(t, path)
		socket.Write([]byte(text))
		socket.Close()
		still("another client has sent " + short([]byte(text)) + " and hung up")
	}
	m.end("its context has ended")
	exam.Within(t, "Get, when the manager has ended", func() {
		_, _, err := d.Get("k")
		fails(t, "Get", err, "the manager has ended")
	})
}

// TestServeEnds checks that Serve closes everything and returns when its context ends or its listener fails.
//
//grade:todo 16.5
//grade:points 2
//grade:needs TestManagerProcesses
func TestServeEnds(t *testing.T) {
	begin(t, listenersClosed)
	for _, c := range []struct {
		what string
		end  func(cancel context.CancelFunc, l net.Listener)
		want bool // an error
	}{
		{"its context has ended", func(cancel context.CancelFunc, _ net.Listener) { cancel() }, false},
		{"somebody else has closed its listener", func(_ context.CancelFunc, l net.Listener) { l.Close() }, true},
	} {
		path := socketPath(t)
		var l net.Listener
		var err error
		exam.Within(t, "Listen(path)", func() { l, err = ipc.Listen(path) })
		must(t, "Listen(path)", err)
		t.Cleanup(func() { l.Close() })
		ctx, cancel := context.WithCancel(context.Background())
		t.Cleanup(cancel)
		served := make(chan error, 1)
		go func() { served <- ipc.NewManager().Serve(ctx, l) }()
		d := dial(t, path)
		exam.Within(t, "Set", func() { exam.Error(t, "Set", d.Set("k", "v"), nil, "the manager serves") })
		slow := raw(t, path)
		slow.Write([]byte("\x00\x00\x00\x09half"))
		select {
		case err := <-served:
			t.Fatalf("Serve(ctx, l) = %v already, want it to serve until ctx ends", err)
		default:
		}
		c.end(cancel, l)
		exam.Within(t, "the end of Serve, when "+c.what+" and two clients are connected", func() { err = <-served })
		if c.want {
			fails(t, "Serve(ctx, l)", err, c.what)
		} else {
			exam.Error(t, "Serve(ctx, l)", err, nil, c.what)
		}
		exam.Within(t, "the end of the connections, when Serve has returned", func() {
			_, _, err := d.Get("k")
			fails(t, "Get", err, c.what+", and Serve has returned")
			n, err := slow.Read(make([]byte, 1))
			if n > 0 || err == nil {
				t.Errorf("a client in the midst of a request reads %d bytes, %v, want the end: Serve has returned", n, err)
			}
		})
		if socket, err := net.Dial("unix", path); err == nil {
			socket.Close()
			t.Errorf("somebody can still connect, and %s", c.what)
		}
	}
}
