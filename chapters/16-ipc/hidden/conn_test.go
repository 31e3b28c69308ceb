//go:build grade

package hidden

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestSendWhole checks that messages sent at the same time arrive whole, each sender's in order.
//
//grade:todo 16.2
//grade:points 2
//grade:needs TestFrames
func TestSendWhole(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		ours, theirs, there, _ := pair(100)
		send := func(messages ...string) func() {
			return func() {
				for _, message := range messages {
					call := fmt.Sprintf("Send(%q)", message)
					exam.Error(t, call, ours.Send([]byte(message)), nil, "others send at the same time")
					exam.Equal(t, "w has all of the message", strings.Contains(string(there.left()), frame(message)), true, call+" has returned; others send at the same time, and nobody receives")
				}
			}
		}
		exam.Together(send("aaaa", "bb"), send("cccc"))
		const when = `one goroutine has sent "aaaa" and "bb", another one "cccc"`
		exam.Equal(t, "Writes at the same time", there.writes.Most(), 1, when)
		var got []string
		for range 3 {
			message, err := theirs.Recv()
			exam.Error(t, "Recv()", err, nil, when)
			got = append(got, string(message))
		}
		exam.OneOf(t, "messages that arrive", strings.Join(got, " "), []string{"aaaa bb cccc", "aaaa cccc bb", "cccc aaaa bb"}, when)
	})

	ours, theirs, _, _ := pair(100)
	exam.Within(t, "Send and Recv, which return errors", func() {
		for range 2 {
			exam.Error(t, "Send(MaxFrame+1 bytes)", ours.Send(make([]byte, ipc.MaxFrame+1)), ipc.ErrTooLarge, "that is one byte more than allowed")
		}
		exam.Error(t, `Send("small")`, ours.Send([]byte("small")), nil, "another Send has returned ErrTooLarge, and has sent nothing")
		exam.Error(t, "CloseWrite()", ours.CloseWrite(), nil, "w can be closed")
		got, err := theirs.Recv()
		exam.Error(t, "Recv()", err, nil, `the other end has sent "small"`)
		exam.Equal(t, "Recv()", string(got), "small", "a Send of too many bytes has sent nothing")
		for range 2 {
			fails(t, "Send", ours.Send([]byte("late")), "after CloseWrite()")
			_, err = theirs.Recv()
			is(t, "Recv()", err, io.EOF, "the other end has closed")
			ours.CloseWrite() // once more, which does no harm; what it returns does not matter
		}
	})
}

// TestRecvWhole checks that each Recv gets a message of its own, whole, though several wait and Reads return little.
//
//grade:todo 16.2
//grade:points 2
//grade:needs TestFrames
func TestRecvWhole(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		ours, theirs, there, _ := pair(3)
		for _, message := range []string{"aaaa", "bb", "cccc"} {
			exam.Error(t, fmt.Sprintf("Send(%q)", message), ours.Send([]byte(message)), nil, "nobody else sends")
		}
		var first, second, third string
		recv := func(to *string) {
			message, err := theirs.Recv()
			exam.Error(t, "Recv()", err, nil, `"aaaa", "bb" and "cccc" were sent, and two goroutines receive`)
			*to = string(message)
		}
		exam.Together(func() { recv(&first); recv(&second) }, func() { recv(&third) })
		got := []string{first, second, third}
		slices.Sort(got)
		exam.Equal(t, "messages received", strings.Join(got, " "), "aaaa bb cccc", "by two goroutines together")
		exam.Equal(t, "Reads at the same time", there.reads.Most(), 1, "two goroutines receive")
		exam.Equal(t, "bytes left", len(there.left()), 0, "all messages have been received")
	})
}

// TestSendWhileRecv checks that a Send never waits for a Recv of the same Conn.
//
//grade:todo 16.2
//grade:points 1
//grade:needs TestFrames
func TestSendWhileRecv(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		ours, theirs, _, _ := pair(100)
		exam.Together(
			func() {
				got, err := ours.Recv()
				exam.Error(t, "Recv()", err, nil, `"pong" comes when "ping" has been sent`)
				exam.Equal(t, "Recv()", string(got), "pong", "the other end has sent that")
			},
			func() { ours.Send([]byte("ping")) },
			func() {
				got, _ := theirs.Recv()
				exam.Equal(t, "Recv()", string(got), "ping", "the other end has sent that")
				theirs.Send([]byte("pong"))
			},
		)
	})
}

// TestCloseWrite checks that CloseWrite lets messages under way arrive whole, and ends the sending but not the receiving.
//
//grade:todo 16.2
//grade:points 2
//grade:needs TestFrames TestSendWhileRecv
func TestCloseWrite(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		ours, theirs, _, _ := pair(100)
		var sent error
		exam.Together(
			func() { sent = ours.Send([]byte("last")) },
			func() { exam.Error(t, "CloseWrite()", ours.CloseWrite(), nil, "w can be closed") },
			func() { theirs.Send([]byte("more")) },
		)
		const when = `Send("last") and CloseWrite() were called at the same time`
		got, err := theirs.Recv()
		if sent == nil {
			exam.Equal(t, "Recv() at the other end", string(got), "last", when+", and Send returned no error")
			_, err = theirs.Recv()
		}
		is(t, "Recv() at the other end", err, io.EOF, when+fmt.Sprintf("; the error of Send was %v", sent))
		fails(t, "Send", ours.Send([]byte("late")), "after CloseWrite()")
		got, err = ours.Recv()
		exam.Error(t, "Recv()", err, nil, "after CloseWrite() at this end")
		exam.Equal(t, "Recv()", string(got), "more", "after CloseWrite() at this end; the other end has sent that")
	})
	interleave.Explore(t, func(t *testing.T) {
		ours, theirs, _, _ := pair(100)
		exam.Together(
			func() {
				got, err := ours.Recv()
				exam.Error(t, "Recv()", err, nil, "CloseWrite() was called at this end, and after that the other end has sent something")
				exam.Equal(t, "Recv()", string(got), "answer", "the other end has sent that")
			},
			func() {
				exam.Error(t, "CloseWrite()", ours.CloseWrite(), nil, "w can be closed, and a Recv of the same Conn waits")
			},
			func() {
				_, err := theirs.Recv()
				is(t, "Recv() at the other end", err, io.EOF, "CloseWrite() was called")
				theirs.Send([]byte("answer"))
			},
		)
	})
}

// TestClose checks that Close ends at once whatever waits, a Send as well as a Recv.
//
//grade:todo 16.2
//grade:points 1
//grade:needs TestFrames
func TestClose(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		ours, _, there, back := pair(100)
		there.full = true
		beside, _, _, _ := pair(100)
		exam.Together(
			func() {
				_, err := ours.Recv()
				fails(t, "Recv()", err, "nothing was sent, and Close was called")
			},
			func() { fails(t, "Send", ours.Send([]byte("stuck")), "w takes nothing, and Close was called") },
			func() {
				exam.Error(t, "Send by another Conn", beside.Send([]byte("quick")), nil, "a Send of the first Conn waits: its w takes nothing")
				ours.Close()
			},
		)
		w, _ := there.ended()
		_, r := back.ended()
		exam.Equal(t, "w is closed", w, true, "after Close()")
		exam.Equal(t, "r is closed", r, true, "after Close()")
	})
	interleave.Explore(t, func(t *testing.T) {
		ours, _, there, _ := pair(100)
		there.full = true
		exam.Together(
			func() {
				fails(t, "Send", ours.Send([]byte("stuck")), "w takes nothing, and CloseWrite, which may wait for that, and Close were called")
			},
			func() { ours.CloseWrite() },
			func() { ours.Close() },
		)
	})
}
