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

	"lockstep/grader/exam"
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

	beforeRead    func(line string) // "" at the end
	beforeSend    func(line string)
	beforeReceive func(message string) // not at the end
	beforeShow    func(line string)

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
		beforeRead: nothing, beforeSend: nothing, beforeReceive: nothing, beforeShow: nothing,
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
	if f.reads == len(f.typed)+2 {
		f.t.Errorf("Chat calls ReadLine again after it has returned an error")
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
		f.beforeReceive(f.said[i])
		f.note("received", f.said[i])
		return f.said[i], nil
	}
	if i == len(f.said)+1 {
		f.t.Errorf("Chat calls Receive again after it has returned an error")
	}
	if f.sayingEnd != nil {
		return "", f.sayingEnd
	}
	<-f.hungUp
	return "", io.EOF
}

func (f *friends) Close() error {
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
		if len(f.typed) > 0 && strings.HasPrefix(line, "me: ") {
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
	exam.Equal(f.t, "calls of Show at the same time", f.showing.Most(), min(1, len(want)+len(f.said)), when)
	exam.Equal(f.t, "calls of Close", f.closes.Load(), 1, when)
}
