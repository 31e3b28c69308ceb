//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"testing"
	"time"

	thread "lockstep/chapters/01-process-and-thread"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestChat checks that Chat sends what is typed and shows everything, in order and before it returns.
//
//grade:todo 1.5
//grade:points 2
func TestChat(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		f := meet(t, []string{"a", "b"}, []string{"ann: x", "ann: y"})
		const when = `"a" and "b" are typed, "ann: x" and "ann: y" received`
		exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when+", and then the user has finished (io.EOF)")
		f.chatted(when)
	}, some...)
	interleave.Explore(t, func(t *testing.T) {
		f := meet(t, []string{"", "a"}, []string{"", "ann: y"})
		const when = `empty lines are typed and received, and after them "a" and "ann: y"`
		exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when)
		f.chatted(when)
	}, some...)
	interleave.Explore(t, func(t *testing.T) {
		f := meet(t, []string{"a", "a", "", "", "me: a", " 100%d\n"}, []string{"x", "x", "", "", "EOF", " 100%d\n"})
		const when = "lines come again, and look strange"
		exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when)
		f.chatted(when)
	}, few...)
	interleave.Explore(t, func(t *testing.T) {
		f := meet(t, nil, []string{"me: a", "me: ", "ann: x"})
		const when = "nothing is typed, and messages look like lines of the user"
		exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when)
		f.chatted(when)
	}, few...)

	interleave.Explore(t, func(t *testing.T) {
		none := meet(t, nil, nil)
		exam.Error(t, "Chat(term, conn)", thread.Chat(none, none), nil, "nothing is typed, nothing received")
		none.chatted("nothing is typed, nothing received")

		const when = "the second Chat of a process"
		f := meet(t, []string{"a"}, []string{"ann: x"})
		exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when)
		f.chatted(when)
	}, few...)
	interleave.Explore(t, func(t *testing.T) {
		f, other := meet(t, []string{"a"}, []string{"ann: x"}), meet(t, []string{"b"}, []string{"bob: y"})
		hungUp := make(chan struct{})
		f.beforeRead = func(line string) {
			if line == "" {
				<-hungUp
			}
		}
		var errs [2]error
		exam.Together(
			func() { errs[0] = thread.Chat(f, f) },
			func() {
				errs[1] = thread.Chat(other, other)
				close(hungUp)
			},
		)
		exam.Equal(t, "what two calls of Chat returned", errs, [2]error{}, "at the same time")
		f.chatted("this Chat ends after another one")
		other.chatted("this Chat ends while another one goes on")
	}, few...)
}

// ages is longer than anybody makes up a limit for.
const ages = 1000 * time.Hour

// some are the options for a Chat in which the order matters: it has too many steps for all.
var some = []interleave.Option{interleave.Budget(500), interleave.Schedules(200)}

// few are the options for what has many steps, and fails in whatever order they come.
var few = []interleave.Option{interleave.Preemptions(0), interleave.Budget(10), interleave.Schedules(10)}

// TestChatWhileUserThinks checks that messages are received and shown while nobody types.
//
//grade:todo 1.5
//grade:points 2
//grade:needs TestChat
func TestChatWhileUserThinks(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = `the user types "a" only after having seen "ann: x", and ends only after having seen "ann: y"`
		f := meet(t, []string{"a"}, []string{"ann: x", "ann: y"})
		f.beforeRead = func(line string) {
			if line == "a" {
				f.await(1, "shown", "ReadLine waits all the time, and a message has come")
			} else {
				f.await(3, "shown", "ReadLine waits again, one line was typed, and two messages have come")
			}
		}
		exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when)
		f.chatted(when)
	}, some...)
}

// TestChatWhileServerIsSilent checks that lines are sent and shown while no message comes, or Send takes long.
//
//grade:todo 1.5
//grade:points 2
//grade:needs TestChat
func TestChatWhileServerIsSilent(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "the server never says anything"
		f := meet(t, []string{"a", "b"}, nil)
		f.beforeRead = func(line string) {
			if line == "" {
				f.await(2, "shown", "two lines were typed, and "+when)
			}
		}
		exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when)
		f.chatted(when)
	}, some...)
	interleave.Explore(t, func(t *testing.T) {
		const when = `Send("a") takes until "ann: x" and "ann: y" have been shown, and another 1000 hours`
		f := meet(t, []string{"a"}, []string{"ann: x", "ann: y"})
		f.beforeSend = func(string) {
			f.await(2, "shown", "Send takes long, and two messages have come")
			time.Sleep(ages)
		}
		exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when)
		f.chatted(when)
	}, some...)
}

// TestChatWhileShowing checks that lines are sent and messages received while Show is busy with an earlier one.
//
//grade:todo 1.5
//grade:points 2
//grade:needs TestChat
func TestChatWhileShowing(t *testing.T) {
	busy := func(sent, received int, opts ...interleave.Option) {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("the first Show takes until %d lines have been sent and %d received", sent, received)
			var typed, said []string
			for i := range sent {
				typed = append(typed, fmt.Sprint("line ", i))
			}
			for i := range received {
				said = append(said, fmt.Sprint("ann: message ", i))
			}
			f := meet(t, typed, said)
			var shows exam.Count
			f.beforeShow = func(string) {
				if shows.Add() == 1 {
					f.await(sent, "sent", "Show is busy with the first line; lines typed: "+fmt.Sprint(sent))
					f.await(received, "received", "Show is busy with the first line; messages that have come: "+fmt.Sprint(received))
				}
			}
			exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when)
			f.chatted(when)
		}, opts...)
	}
	busy(2, 2, some...)
	busy(50, 50, few...)
	busy(100, 0, few...) // the one that is shown is one of a hundred
	busy(0, 100, few...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "150 messages come while the first Show takes 1000 hours: more than may find room, and none to lose"
		var said []string
		for i := range 150 {
			said = append(said, fmt.Sprint("ann: message ", i))
		}
		f := meet(t, nil, said)
		var shows exam.Count
		f.beforeShow = func(string) {
			if shows.Add() == 1 {
				time.Sleep(ages)
			}
		}
		exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when)
		f.chatted(when)
	}, few...)
}

// TestChatEnds checks that Chat ends when the user, the server or the network does, and returns the error.
//
//grade:todo 1.5
//grade:points 2
//grade:needs TestChat
func TestChatEnds(t *testing.T) {
	errKeys, errGone, errReset := errors.New("keyboard unplugged"), errors.New("broken pipe"), errors.New("connection reset")
	const call = "Chat(term, conn)"
	for _, user := range []struct {
		when       string
		read, send error // what ReadLine returns in the end, or Send
	}{
		{"the second ReadLine returns io.EOF", io.EOF, nil},
		{"the second ReadLine returns an error", errKeys, nil},
		{"the second Send returns io.EOF", io.EOF, io.EOF},
		{"the second Send returns an error", io.EOF, errGone},
	} {
		for _, server := range []error{nil, io.EOF, errReset, io.ErrUnexpectedEOF, errors.New(io.EOF.Error()), io.ErrClosedPipe, net.ErrClosed} {
			interleave.Explore(t, func(t *testing.T) { ends(t, user.when, user.read, user.send, server) }, few...)
		}
	}
	interleave.Explore(t, func(t *testing.T) {
		const when = "the server hangs up (io.EOF), and the user goes on typing"
		f := meet(t, []string{"a"}, []string{"ann: x"})
		f.sayingEnd = io.EOF
		f.beforeRead = func(line string) {
			if line == "a" {
				f.await(1, "shown", when)
				time.Sleep(time.Second)
				exam.Equal(t, "calls of Close", f.closes.Load(), 0, when+"; Chat has to read on, and Send is asked")
			}
		}
		exam.Error(t, call, thread.Chat(f, f), nil, when)
		f.chatted(when)
	}, some...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "the user ends while Show is busy with the first of two messages, until Chat has hung up"
		f := meet(t, nil, []string{"ann: x", "ann: y"})
		f.beforeRead = func(string) { f.await(2, "received", when) }
		f.beforeShow = func(string) {
			select {
			case <-f.hungUp:
			case <-time.After(time.Hour):
				t.Errorf("calls of Close within an hour = 0, want 1: %s", when)
			}
		}
		exam.Error(t, call, thread.Chat(f, f), nil, when)
		f.chatted(when)
	}, some...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "the user ends, and Receive returns \"ann: y\" 1000 hours after Chat has hung up, and then io.EOF"
		f := meet(t, nil, []string{"ann: x", "ann: y"})
		f.beforeReceive = func(message string) {
			if message == "ann: y" {
				<-f.hungUp
				time.Sleep(ages)
			}
		}
		exam.Error(t, call, thread.Chat(f, f), nil, when)
		f.chatted(when)
	}, some...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "the first Send returns an error"
		f := meet(t, []string{"a", "b"}, []string{"ann: x"})
		f.sendError = errGone
		exam.Error(t, call, thread.Chat(f, f), errGone, when)
		exam.Equal(t, "calls of ReadLine", f.reads, 1, when+", so that there is no use in reading more")
		f.typed = nil
		f.chatted(when)
	}, some...)
}

// ends checks a Chat whose user ends with the second line, and whose server ends with an
// error of its own before that, or, if server is nil, waits until Chat hangs up.
func ends(t *testing.T, when string, read, send, server error) {
	f := meet(t, []string{"a"}, []string{"ann: x"})
	f.typingEnd, f.sayingEnd = read, server
	if send != nil {
		f.typed = append(f.typed, "b")
	}
	if server == nil {
		when += ", and Receive waits until then"
	} else {
		when = fmt.Sprintf("Receive returns the error %q, and later %s", server, when)
	}
	f.beforeRead = func(line string) {
		if line != "a" && server != nil {
			time.Sleep(time.Second)
			exam.Equal(t, "calls of Close", f.closes.Load(), 0, when+"; it is a second before that")
		}
	}
	f.beforeSend = func(line string) {
		if line == "b" {
			f.sendError = send
		}
	}
	err := thread.Chat(f, f)
	f.typed = f.typed[:1] // what was sent
	f.chatted(when)

	user := read
	if send != nil {
		user = send
	}
	var want []error
	for _, err := range []error{user, server} {
		if err != nil && err != io.EOF {
			want = append(want, err)
		}
	}
	const call = "Chat(term, conn)"
	switch {
	case len(want) == 0:
		exam.Error(t, call, err, nil, when)
	case !slices.ContainsFunc(want, func(w error) bool { return errors.Is(err, w) }):
		t.Errorf("%s = %v, want one of %q: %s", call, err, want, when)
	case errors.Is(err, io.EOF):
		t.Errorf("%s = %q, in which there is io.EOF, want only of those that were not, %q: %s", call, err, want, when)
	}
}

// TestChatAtFullSpeed checks that a long conversation keeps its order when it uses all cores.
//
//grade:todo 1.5
//grade:points 1
//grade:needs TestChatWhileUserThinks TestChatWhileServerIsSilent TestChatWhileShowing TestChatEnds
func TestChatAtFullSpeed(t *testing.T) {
	var typed, said []string
	for i := range 300 {
		typed = append(typed, fmt.Sprint("line ", i))
		said = append(said, fmt.Sprint("ann: message ", i))
	}
	f := meet(t, typed, said)
	exam.Within(t, "Chat(term, conn)", func() {
		exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, "300 lines are typed and 300 messages received")
	})
	f.chatted("300 lines are typed and 300 messages received")
}
