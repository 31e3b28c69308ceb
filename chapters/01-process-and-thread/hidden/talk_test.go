//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	thread "lockstep/chapters/01-process-and-thread"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// friends are a user at a terminal and a server, for one Chat. The functions are set
// before Chat begins; each is called before the deed, with what it is about.
type friends struct {
	t         *testing.T
	typed     []string
	said      []string
	typingEnd error // what ReadLine returns in the end; io.EOF unless set
	sayingEnd error // what the server ends with of itself, after what it has said; nil: it waits
	sendError error // what Send returns

	beforeRead  func(line string) // "" at the end
	beforeSend  func(line string)
	beforeShow  func(line string)
	beforeClose func()

	showing exam.Peak
	closes  exam.Count
	hungUp  chan struct{}
	mu      sync.Mutex
	reads   int
	receipt int
	log     map[string][]string // what was "sent" and what was "shown"
	news    chan struct{}       // closed and made anew when the log has grown
}

func meet(t *testing.T, typed, said []string) *friends {
	nothing := func(string) {}
	return &friends{
		t: t, typed: typed, said: said, typingEnd: io.EOF,
		beforeRead: nothing, beforeSend: nothing, beforeShow: nothing, beforeClose: func() {},
		hungUp: make(chan struct{}), log: map[string][]string{}, news: make(chan struct{}),
	}
}

func (f *friends) ReadLine() (string, error) {
	f.mu.Lock()
	f.reads++
	line, err := "", f.typingEnd
	if f.reads <= len(f.typed) {
		line, err = f.typed[f.reads-1], nil
	}
	f.mu.Unlock()
	f.beforeRead(line)
	return line, err
}

func (f *friends) Send(line string) error {
	f.beforeSend(line)
	if f.sendError != nil {
		return f.sendError
	}
	f.note("sent", line)
	return nil
}

func (f *friends) Show(line string) {
	f.showing.Enter()
	defer f.showing.Leave()
	f.beforeShow(line)
	f.note("shown", line)
}

func (f *friends) Receive() (string, error) {
	f.mu.Lock()
	i := f.receipt
	f.receipt++
	f.mu.Unlock()
	if i < len(f.said) {
		f.note("received", f.said[i])
		return f.said[i], nil
	}
	if f.sayingEnd != nil {
		return "", f.sayingEnd
	}
	<-f.hungUp
	return "", io.EOF
}

func (f *friends) Close() error {
	f.beforeClose()
	if f.closes.Add() == 1 {
		close(f.hungUp)
	}
	return errors.New("closing is not that important")
}

// note keeps what has happened.
func (f *friends) note(what, line string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log[what] = append(f.log[what], line)
	close(f.news)
	f.news = make(chan struct{})
}

// lines returns what was sent, received or shown so far.
func (f *friends) lines(what string) []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.log[what])
}

// await waits until so many lines were sent, received or shown. After an hour, which
// takes no time, it fails the test.
func (f *friends) await(n int, what, while string) {
	timeout := time.After(time.Hour)
	for {
		f.mu.Lock()
		have, news := len(f.log[what]), f.news
		f.mu.Unlock()
		if have >= n {
			return
		}
		select {
		case <-news:
		case <-timeout:
			f.t.Errorf("lines %s within an hour = %d, want %d: %s", what, have, n, while)
			return
		}
	}
}

// chatted checks what was sent and shown when Chat has returned.
func (f *friends) chatted(when string) {
	f.t.Helper()
	var own, others []string
	for _, line := range f.lines("shown") {
		if strings.HasPrefix(line, "me: ") {
			own = append(own, line)
		} else {
			others = append(others, line)
		}
	}
	var want []string
	for _, line := range f.typed {
		want = append(want, "me: "+line)
	}
	equal := func(what string, got, want []string) {
		f.t.Helper()
		exam.Equal(f.t, what, fmt.Sprintf("%q", got), fmt.Sprintf("%q", want), "when Chat returned; "+when)
	}
	equal("lines sent", f.lines("sent"), f.typed)
	equal("typed lines shown", own, want)
	equal("messages shown", others, f.said)
	exam.Equal(f.t, "calls of Show at the same time", f.showing.Most(), 1, when)
	exam.Equal(f.t, "calls of Close", f.closes.Load(), 1, when)
}

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
	})
	interleave.Explore(t, func(t *testing.T) {
		f := meet(t, []string{"", "a"}, []string{"", "ann: y"})
		const when = `empty lines are typed and received, and after them "a" and "ann: y"`
		exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when)
		f.chatted(when)
	})
}

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
	})
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
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = `Send("a") takes until "ann: x" and "ann: y" have been shown`
		f := meet(t, []string{"a"}, []string{"ann: x", "ann: y"})
		f.beforeSend = func(string) { f.await(2, "shown", "Send takes long, and two messages have come") }
		exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when)
		f.chatted(when)
	})
}

// TestChatWhileShowing checks that lines are sent and messages received while Show is busy with an earlier one.
//
//grade:todo 1.5
//grade:points 2
//grade:needs TestChat
func TestChatWhileShowing(t *testing.T) {
	busy := func(each int, opts ...interleave.Option) {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("the first Show takes until %d lines have been sent and %d received", each, each)
			var typed, said []string
			for i := range each {
				typed = append(typed, fmt.Sprint("line ", i))
				said = append(said, fmt.Sprint("ann: message ", i))
			}
			f := meet(t, typed, said)
			var shows exam.Count
			f.beforeShow = func(string) {
				if shows.Add() == 1 {
					f.await(each, "sent", "Show is busy with the first line; lines typed: "+fmt.Sprint(each))
					f.await(each, "received", "Show is busy with the first line; messages that have come: "+fmt.Sprint(each))
				}
			}
			exam.Error(t, "Chat(term, conn)", thread.Chat(f, f), nil, when)
			f.chatted(when)
		}, opts...)
	}
	few := []interleave.Option{interleave.Preemptions(0), interleave.Budget(10), interleave.Schedules(10)}
	busy(2)
	busy(50, few...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "150 messages come while the first Show takes a minute: more than may find room, and none to lose"
		var said []string
		for i := range 150 {
			said = append(said, fmt.Sprint("ann: message ", i))
		}
		f := meet(t, nil, said)
		var shows exam.Count
		f.beforeShow = func(string) {
			if shows.Add() == 1 {
				time.Sleep(time.Minute)
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
	interleave.Explore(t, func(t *testing.T) {
		f := meet(t, []string{"a"}, []string{"ann: x"})
		f.typingEnd = errKeys
		exam.Error(t, call, thread.Chat(f, f), errKeys, "the second ReadLine returns that error")
		f.chatted("the second ReadLine returns an error")
	})
	interleave.Explore(t, func(t *testing.T) {
		f := meet(t, []string{"a"}, []string{"ann: x"})
		f.sayingEnd = errReset
		exam.Error(t, call, thread.Chat(f, f), errReset, "the second Receive returns that error; the user types a line and ends")
		f.chatted("the second Receive returns an error")
	})
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
	})
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
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = "the first Send returns an error"
		f := meet(t, []string{"a", "b"}, []string{"ann: x"})
		f.sendError = errGone
		exam.Error(t, call, thread.Chat(f, f), errGone, when)
		exam.Equal(t, "calls of ReadLine", f.reads, 1, when+", so that there is no use in reading more")
		f.typed = nil
		f.chatted(when)
	})
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
