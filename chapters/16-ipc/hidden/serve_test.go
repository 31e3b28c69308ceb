//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// connection is a client of a manager, in memory.
type connection struct {
	dict        *ipc.Dict
	there, back *stream
	served      error         // what ServeConn returned
	done        chan struct{} // it has
}

// connect lets m serve a client.
func connect(m *ipc.Manager) *connection {
	ours, theirs, there, back := pair(1 << 20)
	c := &connection{dict: ipc.NewDict(ours), there: there, back: back, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		c.served = m.ServeConn(theirs)
	}()
	return c
}

// wantClosed checks that the client, or else the server, has closed its end.
func (c *connection) wantClosed(t testing.TB, client bool, when string) {
	t.Helper()
	out, in := c.there, c.back
	if !client {
		out, in = in, out
	}
	w, _ := out.ended()
	_, r := in.ended()
	exam.Equal(t, "the connection is closed", w && r, true, when)
}

// hangUp ends the connection and waits until it is not served any more.
func (c *connection) hangUp() error {
	writer{c.there}.Close()
	<-c.done
	return c.served
}

// wantGet checks what a key's value is.
func wantGet(t testing.TB, d *ipc.Dict, key, want string, there bool, when string) {
	t.Helper()
	value, ok, err := d.Get(key)
	call := fmt.Sprintf("Get(%s)", short([]byte(key)))
	exam.Error(t, call, err, nil, when)
	exam.Equal(t, "the value of "+call, value, want, when)
	exam.Equal(t, "the ok of "+call, ok, there, when)
}

// texts are keys and values.
var texts = []string{"", " ", "a b\nc\r\n", `"'\`, "café \u2603 <&>", "get", "0", "\x00", "\ufeff\u2028😀\ufffd",
	"\n", `%41 %s\u0000`, "a|b,c:d;e=f\tg\x1eh\x1fi&j", strings.Repeat("long", 100)}

// TestDict checks that Get, Set, Delete and CompareAndSwap do what they say, with any text.
//
//grade:todo 16.5
//grade:points 2
//grade:needs TestSendWhole TestRecvWhole
func TestDict(t *testing.T) {
	m := ipc.NewManager()
	c := connect(m)
	d := c.dict
	swap := func(key, old, new string, want bool, when string) {
		t.Helper()
		got, err := d.CompareAndSwap(key, old, new)
		call := fmt.Sprintf("CompareAndSwap(%q, %q, %q)", key, old, new)
		exam.Error(t, call, err, nil, when)
		exam.Equal(t, call, got, want, when)
	}
	exam.Within(t, "operations of one client, one after the other", func() {
		for _, key := range texts {
			wantGet(t, d, key, "", false, "nobody has set it")
			exam.Error(t, "Set", d.Set(key, "value of "+key), nil, "the manager serves")
		}
		for _, key := range texts {
			wantGet(t, d, key, "value of "+key, true, "it was set to that")
			exam.Error(t, "Set", d.Set("key", key), nil, "the manager serves")
			wantGet(t, d, "key", key, true, "it was set to that")
			swap("key", key+"!", "not this", false, "the value is another one")
			swap("key", key, key, true, "the value is that already")
			wantGet(t, d, "key", key, true, "CompareAndSwap has set it to what it was")
			swap("key", key, "new of "+key, true, "the value is that")
			wantGet(t, d, "key", "new of "+key, true, "CompareAndSwap has set it")
		}
		d.Set("n", "1")
		swap("n", "2", "3", false, "the value is 1")
		wantGet(t, d, "n", "1", true, "CompareAndSwap returned false")
		swap("n", "1", "", true, "the value is 1")
		wantGet(t, d, "n", "", true, "CompareAndSwap has set it to no text at all")
		swap("n", "", "4", true, "the value is an empty text")
		wantGet(t, d, "n", "4", true, "CompareAndSwap has set it")
		exam.Error(t, `Delete("n")`, d.Delete("n"), nil, "the manager serves")
		wantGet(t, d, "n", "", false, "after Delete")
		swap("n", "", "5", false, "there is no value, which is not an empty text")
		wantGet(t, d, "n", "", false, "after Delete, and a CompareAndSwap that returned false")
		exam.Error(t, `Delete("n")`, d.Delete("n"), nil, "there is none, which is no error")
		wantGet(t, d, "0", "value of 0", true, "another key was deleted")

		const half = ipc.MaxFrame / 2
		most, part := strings.Repeat("x", ipc.MaxFrame), strings.Repeat("x", half)
		for _, c := range []struct {
			call string
			err  func() error
		}{
			{"Get of a key of MaxFrame bytes", func() error { _, _, err := d.Get(most); return err }},
			{"Set with a key of MaxFrame bytes", func() error { return d.Set(most, "v") }},
			{"Set with a value of MaxFrame bytes", func() error { return d.Set("0", most) }},
			{"Set with a key and a value of MaxFrame/2 bytes each", func() error { return d.Set(part, part) }},
			{"Delete of a key of MaxFrame bytes", func() error { return d.Delete(most) }},
			{"CompareAndSwap with an old of MaxFrame bytes", func() error { _, err := d.CompareAndSwap("0", most, "v"); return err }},
			{"CompareAndSwap with a new of MaxFrame bytes", func() error { _, err := d.CompareAndSwap("0", "value of 0", most); return err }},
			{"CompareAndSwap with an old and a new of MaxFrame/2 bytes each", func() error { _, err := d.CompareAndSwap("0", part, part); return err }},
		} {
			exam.Error(t, c.call, c.err(), ipc.ErrTooLarge, "that does not fit into a frame")
			wantGet(t, d, "0", "value of 0", true, c.call+" has returned ErrTooLarge")
		}
		large, err := "", ipc.ErrTooLarge
		for room := 1; errors.Is(err, ipc.ErrTooLarge); room *= 2 {
			large = strings.Repeat("x", max(ipc.MaxFrame-room, 0))
			err = d.Set("large", large)
		}
		when := fmt.Sprintf("a value of %d bytes, about as many as fit into a request", len(large))
		exam.Error(t, "Set", err, nil, when)
		value, _, err := d.Get("large")
		exam.Error(t, "Get", err, nil, when+", was Set before")
		exam.Equal(t, "the value of Get", short([]byte(value)), short([]byte(large)), when+", was Set before")

		long := strings.Repeat("x", 70_000) // more than 16 bits count
		for _, end := range []string{"a", "b"} {
			exam.Error(t, "Set", d.Set(long+end, end), nil, "a key of 70,001 bytes")
		}
		for _, end := range []string{"a", "b"} {
			wantGet(t, d, long+end, end, true, fmt.Sprintf("of two keys of 70,001 bytes, alike but for the last one, that which ends in %s was set to %[1]q", end))
		}

		other := connect(m)
		wantGet(t, other.dict, "0", "value of 0", true, "another client has set it")
		exam.Error(t, "ServeConn(c)", other.hangUp(), nil, "the client hung up between two requests")
		other.wantClosed(t, false, "after ServeConn(c)")
		another := connect(ipc.NewManager())
		wantGet(t, another.dict, "0", "", false, "another manager has it, and this one is new")
		exam.Error(t, "ServeConn(c)", another.hangUp(), nil, "the client hung up between two requests")
		exam.Error(t, `Set("0", "1")`, d.Set("0", "1"), nil, "another client has hung up")

		d.Close()
		<-c.done
		c.wantClosed(t, true, "after Close()")
		_, _, err = d.Get("0")
		fails(t, "Get", err, "after Close()")
	})
}

// few bounds explorations of clients with all that serves them: some right answers have a
// dozen goroutines then.
var few = []interleave.Option{interleave.Preemptions(1), interleave.Budget(1000), interleave.Schedules(200)}

// TestDictOneStep checks that an operation is one step to all the clients.
//
//grade:todo 16.5
//grade:points 2
//grade:needs TestDict
func TestDictOneStep(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		m := ipc.NewManager()
		ann, bob := connect(m), connect(m)
		ann.dict.Set("n", "0")
		var swapped [2]bool
		exam.Together(
			func() { swapped[0], _ = ann.dict.CompareAndSwap("n", "0", "ann") },
			func() { swapped[1], _ = bob.dict.CompareAndSwap("n", "0", "bob") },
		)
		const when = `"n" was "0", and two clients call CompareAndSwap("n", "0", …) at the same time`
		exam.OneOf(t, "results of CompareAndSwap", fmt.Sprint(swapped), []string{"[true false]", "[false true]"}, when)
		want := "ann"
		if swapped[1] {
			want = "bob"
		}
		wantGet(t, bob.dict, "n", want, true, when)
		ann.hangUp()
		bob.hangUp()
	}, few...)
	for _, c := range []struct {
		call   string
		change func(d *ipc.Dict)
		left   string
	}{
		{`Set("n", "1")`, func(d *ipc.Dict) { d.Set("n", "1") }, "1"},
		{`Delete("n")`, func(d *ipc.Dict) { d.Delete("n") }, ""},
	} {
		interleave.Explore(t, func(t *testing.T) {
			m := ipc.NewManager()
			ann, bob := connect(m), connect(m)
			ann.dict.Set("n", "0")
			var got string
			exam.Together(
				func() { c.change(ann.dict) },
				func() { got, _, _ = bob.dict.Get("n") },
			)
			after, _, _ := bob.dict.Get("n")
			exam.OneOf(t, `Get("n")`, got, []string{"0", after}, `it was "0", and another client calls `+c.call)
			ann.hangUp()
			bob.hangUp()
		}, few...)
		interleave.Explore(t, func(t *testing.T) {
			m := ipc.NewManager()
			ann, bob := connect(m), connect(m)
			ann.dict.Set("n", "0")
			var swapped bool
			exam.Together(
				func() { c.change(ann.dict) },
				func() { swapped, _ = bob.dict.CompareAndSwap("n", "0", "bob") },
			)
			when := fmt.Sprintf(`"n" was "0", and one client called %s while another one's CompareAndSwap("n", "0", "bob") returned %t: whichever came first, that is what is left`, c.call, swapped)
			wantGet(t, bob.dict, "n", c.left, c.left != "", when)
			ann.hangUp()
			bob.hangUp()
		}, few...)
	}
}

// TestDictAnswers checks that goroutines with one Dict get the answers to their own requests.
//
//grade:todo 16.5
//grade:points 2
//grade:needs TestDict
func TestDictAnswers(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		m := ipc.NewManager()
		c := connect(m)
		c.dict.Set("a", "1")
		c.dict.Set("b", "2")
		var a, b string
		exam.Together(
			func() { a, _, _ = c.dict.Get("a") },
			func() { b, _, _ = c.dict.Get("b") },
		)
		const when = "another goroutine asks the same Dict for another key"
		exam.Equal(t, `Get("a")`, a, "1", when)
		exam.Equal(t, `Get("b")`, b, "2", when)
		c.hangUp()
	}, few...)
	interleave.Explore(t, func(t *testing.T) {
		ours, theirs, _, _ := pair(1 << 20)
		silent, c := ipc.NewDict(ours), connect(ipc.NewManager())
		exam.Together(
			func() {
				_, _, err := silent.Get("a")
				fails(t, `Get("a")`, err, "the manager does not answer, and then hangs up")
			},
			func() {
				wantGet(t, c.dict, "a", "", false, "another Dict waits for another manager")
				theirs.Close()
			},
		)
		c.hangUp()
	}, few...)
}

// TestServe checks that Serve serves until its context ends or its listener fails, and then nobody any more.
//
//grade:todo 16.5
//grade:points 3
//grade:needs TestDict
func TestServe(t *testing.T) {
	for _, broken := range []error{nil, &net.OpError{Op: "accept", Net: "memory", Err: os.NewSyscallError("accept4", syscall.EMFILE)}} {
		interleave.Explore(t, func(t *testing.T) {
			l := newListener()
			ours, theirs := l.dial()
			d := ipc.NewDict(ours)
			when := "its context has ended, and a client is connected"
			ctx, end := context.WithCancel(context.Background())
			if broken != nil {
				when = "its listener has failed, and a client is connected"
				ctx, end = exam.Endless(), func() { l.fail(broken) }
			}
			var err error
			exam.Together(
				func() {
					err = ipc.NewManager().Serve(ctx, l)
					exam.Equal(t, "Reads of a client's requests under way", theirs.reading.Load(), 0, "Serve has returned, because "+when)
				},
				func() {
					exam.Error(t, "Set", d.Set("k", "v"), nil, "Serve serves, and its context has not ended")
					end()
				},
			)
			d.Close()
			exam.Error(t, "Serve(ctx, l)", err, broken, when)
			exam.Equal(t, "l is closed", l.isClosed(), true, "Serve has returned, because "+when)
			exam.Equal(t, "the client's connection is closed", theirs.isClosed(), true, "Serve has returned, because "+when)
		}, interleave.Budget(1500), interleave.Schedules(300))
	}

	for _, c := range []struct {
		when string
		past bool  // the deadline of ctx
		err  error // of the listener; if there is none ctx ends
	}{
		{"its context ends, and Accept returns one more client", false, nil},
		{"the deadline of its context has passed before, and Accept returns one more client", true, nil},
		{"its listener fails, and has returned one more client", false, errors.New("too many open files")},
	} {
		interleave.Explore(t, func(t *testing.T) {
			ctx, end := context.WithCancel(context.Background())
			if c.past {
				ctx, end = context.WithDeadline(context.Background(), time.Unix(0, 0))
			}
			defer end()
			l := newListener()
			_, theirs := l.dial()
			late := &lateListener{listener: l, client: theirs, end: end, err: c.err}
			err := ipc.NewManager().Serve(ctx, late)
			exam.Error(t, "Serve(ctx, l)", err, c.err, c.when)
			exam.Equal(t, "l is closed", l.isClosed(), true, "Serve has returned: "+c.when)
			exam.Equal(t, "a client is connected and not closed", late.accepted.Load() > 0 && !theirs.isClosed(), false, "Serve has returned: "+c.when)
		}, few...)
	}
	servesMany(t)
	servesTwice(t)
	servesDeaf(t)
}

// servesDeaf checks that Serve ends though a client does not take the answer that is being sent.
func servesDeaf(t *testing.T) {
	t.Helper()
	const when = "its context has ended, and a client has asked and does not take the answer"
	l := newListener()
	conn, theirs := l.dial()
	theirs.out.full = true
	d := ipc.NewDict(conn)
	t.Cleanup(func() { d.Close() })
	ctx, end := context.WithCancel(context.Background())
	defer end()
	var err error
	served := make(chan struct{})
	go func() {
		defer close(served)
		err = ipc.NewManager().Serve(ctx, l)
	}()
	go d.Get("k")
	exam.Within(t, "an answer that is being sent, when a client has asked", func() {
		for theirs.out.writes.Most() == 0 {
			runtime.Gosched()
		}
	})
	end()
	exam.Within(t, "the end of Serve, when "+when, func() { <-served })
	exam.Error(t, "Serve(ctx, l)", err, nil, when)
	exam.Equal(t, "the client's connection is closed", theirs.isClosed(), true, "Serve has returned, because "+when)
}

// servesMany checks that as many clients as like may be connected, and that the end of Serve is the end for all of them.
func servesMany(t *testing.T) {
	t.Helper()
	const clients = 300
	when := fmt.Sprintf("%d clients are connected", clients)
	l := newListener()
	ctx, end := context.WithCancel(context.Background())
	defer end()
	var err error
	served := make(chan struct{})
	go func() {
		defer close(served)
		err = ipc.NewManager().Serve(ctx, l)
	}()
	var sockets []*socket
	for i := range clients {
		conn, theirs := l.dial()
		d := ipc.NewDict(conn)
		defer d.Close()
		sockets = append(sockets, theirs)
		exam.Within(t, fmt.Sprintf("Set by client %d, and nobody has hung up", i+1), func() {
			exam.Error(t, "Set", d.Set("k", "v"), nil, "Serve serves, and "+when)
		})
		if t.Failed() {
			return
		}
	}
	end()
	exam.Within(t, "the end of Serve, when its context has ended and "+when, func() { <-served })
	exam.Error(t, "Serve(ctx, l)", err, nil, "its context has ended, and "+when)
	open := 0
	for _, socket := range sockets {
		if !socket.isClosed() {
			open++
		}
	}
	exam.Equal(t, "connections that are not closed", open, 0, "Serve has returned; "+when)
}

// servesTwice checks that the end of a Serve is no concern of those whom another Serve of the same Manager serves.
func servesTwice(t *testing.T) {
	t.Helper()
	m := ipc.NewManager()
	var listeners [2]*listener
	var dicts [2]*ipc.Dict
	var ends [2]context.CancelFunc
	var served [2]chan error
	connect := func(i int) *ipc.Dict {
		conn, _ := listeners[i].dial()
		d := ipc.NewDict(conn)
		t.Cleanup(func() { d.Close() })
		return d
	}
	for i := range 2 {
		listeners[i], served[i] = newListener(), make(chan error, 1)
		ctx, end := context.WithCancel(context.Background())
		defer end()
		ends[i] = end
		go func() { served[i] <- m.Serve(ctx, listeners[i]) }()
		dicts[i] = connect(i)
	}
	exam.Within(t, "Set and Get by two clients, and each is served by a Serve of its own of the same Manager", func() {
		exam.Error(t, "Set", dicts[0].Set("k", "v"), nil, "Serve(ctx1, l1) serves")
		wantGet(t, dicts[1], "k", "v", true, "m.Serve(ctx2, l2) serves, and a client of m.Serve(ctx1, l1) has set it")
	})
	var err error
	const when = "ctx1 has ended; a client is connected to l2, and ctx2 has not ended"
	ends[0]()
	exam.Within(t, "the end of m.Serve(ctx1, l1), where "+when, func() { err = <-served[0] })
	exam.Error(t, "m.Serve(ctx1, l1)", err, nil, when)
	exam.Within(t, "Get from m.Serve(ctx2, l2), where m.Serve(ctx1, l1) has returned, because "+when, func() {
		wantGet(t, dicts[1], "k", "v", true, "m.Serve(ctx2, l2) serves this client. m.Serve(ctx1, l1) of the same Manager has returned, because "+when)
		wantGet(t, connect(1), "k", "v", true, "m.Serve(ctx2, l2) serves, and m.Serve(ctx1, l1) of the same Manager has returned")
	})
	ends[1]()
	exam.Within(t, "the end of m.Serve(ctx2, l2), when ctx2 has ended", func() { err = <-served[1] })
	exam.Error(t, "m.Serve(ctx2, l2)", err, nil, "ctx2 has ended")
}

// request returns what a Dict sends to a manager.
func request() string {
	ours, theirs, _, _ := pair(1 << 20)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ipc.NewDict(ours).Get("k")
	}()
	message, _ := theirs.Recv()
	theirs.Close()
	<-done
	return string(message)
}

// spoilt returns what is left of a message that was cut off, or of which a few bytes were overwritten.
func spoilt(message string) (all []string) {
	const wrong = "\xff\xff\xff\xff" // which may be a length
	for n := range len(message) {
		all = append(all, message[:n])
		if n+len(wrong) <= len(message) {
			all = append(all, message[:n]+wrong+message[n+len(wrong):])
		}
	}
	return all
}

// garbage are messages that make no sense as a request or an answer.
var garbage = []string{"", "\xff", "\xff\xfe\xfd\xfc", "\x80\x81 \xff", strings.Repeat("\xff", 300)}

// TestServeConnGarbage checks that requests cut off, too large or without sense harm nobody but their client.
//
//grade:todo 16.5
//grade:points 2
//grade:needs TestDict
func TestServeConnGarbage(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		m := ipc.NewManager()
		deaf, good := connect(m), connect(m)
		deaf.back.full = true
		exam.Together(
			func() { deaf.dict.Get("k") },
			func() {
				exam.Error(t, "Set", good.dict.Set("k", "v"), nil, "another client has asked, and does not take the answer")
				wantGet(t, good.dict, "k", "v", true, "another client has asked, and does not take the answer")
				writer{deaf.back}.Close()
			},
		)
		writer{deaf.there}.Close()
		<-deaf.done
		good.hangUp()
	}, few...)
	// After the exploration, which sets the variables of the answer: a Dict may have a goroutine that
	// has not ended yet.
	m := ipc.NewManager()
	good := connect(m)
	exam.Within(t, "a client that behaves while others do not", func() {
		good.dict.Set("k", "v")
		bad := map[string]string{
			"two bytes of a length":      "\x00\x00",
			"half a frame":               "\x00\x00\x00\x09half",
			"a length of 2 GB":           "\x7f\xff\xff\xff",
			"a length of nearly 4 GB":    "\xff\xff\xff\xff",
			"the length of a frame":      "\x00\x00\x00\x09",
			"a length that is too large": "\x00\x10\x00\x01",
		}
		for what, text := range bad {
			c := connect(m)
			c.there.add([]byte(text))
			fails(t, "ServeConn(c)", c.hangUp(), "the client has sent "+what+" and hung up")
			c.wantClosed(t, false, "after ServeConn(c)")
			wantGet(t, good.dict, "k", "v", true, "another client has sent "+what)
		}
		requests := append(spoilt(request()), "{}", "null", "0", "[]", `{"Op":"explode","op":"explode"}`)
		for _, text := range append(requests, garbage...) {
			c := connect(m)
			c.there.add([]byte(frame(text)))
			c.hangUp()
			c.wantClosed(t, false, "after ServeConn(c)")
			wantGet(t, good.dict, "k", "v", true, "another client has sent a frame of "+short([]byte(text)))
			wantGet(t, good.dict, "", "", false, "another client has sent a frame of "+short([]byte(text)))
		}
		_, theirs, there, back := pair(1 << 20)
		there.add([]byte(frame(request())))
		writer{back}.Close()
		const early = "the client has sent a request, and hung up before it was answered"
		fails(t, "ServeConn(c)", m.ServeConn(theirs), early)
		_, closed := there.ended()
		exam.Equal(t, "the connection is closed", closed, true, "after ServeConn(c): "+early)
		good.hangUp()
	})
}
