// Package puppet has processes that do what a check tells them, through a socket, and
// never outlive it. With them a check of code that starts and ends processes decides what
// each does, and when, and learns what has become of it without waiting for luck.
//
// A check has a Stage, and a Puppet for each process that has come to it. The process is
// the test binary once more, and has a Player; how it gets the path of the stage and its own
// name is its chapter's affair.
//
//	s := puppet.NewStage(t)
//	// start this program, with s.Path() and the name "the child"
//	p, err := s.Wait(nil, "the child")
//	p.Do("print", "hello")
//
// These are real processes: they have no place in an exploration.
package puppet

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"lockstep/grader/exam"
)

// A Stage is where the puppets of one check play. When the check is over it makes sure that
// nothing is left of them. Only the test's own goroutine may call its methods.
type Stage struct {
	// Hint ends the message that a puppet does not answer in time.
	Hint string

	t        testing.TB
	path     string // of the socket to which the puppets come
	listener net.Listener
	arrivals chan *Puppet
	others   []*Puppet // they have come, and nobody has waited for them yet
	all      []*Puppet
}

// NewStage returns the stage of a check, which ends with it: then every puppet that is still
// running fails the check, and so does every child that nobody has waited for, whoever has
// started it. A check that has failed already is not told so, for it may have stopped in
// the middle; its puppets end all the same. Where there are no signals it skips the check.
func NewStage(t testing.TB) *Stage {
	t.Helper()
	needSignals(t)
	dir, err := os.MkdirTemp("", "p") // not t.TempDir: the path of a socket must be short
	if err != nil {
		t.Fatalf("the test needs a directory: %v", err)
	}
	s := &Stage{t: t, path: filepath.Join(dir, "s"), arrivals: make(chan *Puppet, 100)}
	if s.listener, err = net.Listen("unix", s.path); err != nil {
		t.Fatalf("the test needs a socket: %v", err)
	}
	accepted := make(chan struct{})
	go func() {
		defer close(accepted)
		s.accept()
	}()
	t.Cleanup(func() {
		t.Helper()
		s.strike()
		s.listener.Close()
		<-accepted
		for p := range s.arrivals { // nobody has waited for them
			p.Close()
		}
		os.RemoveAll(dir)
	})
	return s
}

func (s *Stage) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			close(s.arrivals)
			return
		}
		p := &Puppet{stage: s, conn: conn, in: json.NewDecoder(conn), out: json.NewEncoder(conn)}
		var hello report
		if p.in.Decode(&hello) != nil {
			conn.Close() // it has been killed already
			continue
		}
		p.Name, p.Pid = hello.Name, hello.Pid
		s.arrivals <- p
	}
}

// strike checks that nothing is left, and removes what is.
func (s *Stage) strike() {
	s.t.Helper()
	for _, p := range s.all {
		if !s.t.Failed() && p.Alive() {
			s.t.Errorf("%s is still running: nothing that was started may be left", p.Name)
		}
		p.Close()
	}
	if s.t.Failed() {
		return // somebody may still be waiting for a child
	}
	if left := Leftover(); left != "" {
		s.t.Errorf("%s", left)
	}
}

// Path returns the path of the socket to which the puppets come.
func (s *Stage) Path() string { return s.path }

// Why Wait gives up.
var (
	ErrEnd  = errors.New("what was to start the puppet has ended")
	ErrLate = errors.New("the puppet has not come")
)

// Wait waits for a puppet, and returns the first that has come with one of these names and that
// nobody has waited for before. It gives up with ErrEnd when end is closed, which may be
// nil, and with ErrLate when for exam.Patience nobody has come.
func (s *Stage) Wait(end <-chan struct{}, names ...string) (*Puppet, error) {
	patience := time.NewTimer(exam.Patience) // passes in full only if the test fails
	defer patience.Stop()
	for {
		wanted := func(p *Puppet) bool { return slices.Contains(names, p.Name) }
		if i := slices.IndexFunc(s.others, wanted); i >= 0 {
			p := s.others[i]
			s.others = slices.Delete(s.others, i, i+1)
			return p, nil
		}
		select {
		case p := <-s.arrivals:
			s.admit(p)
			patience.Reset(exam.Patience)
		case <-end:
			return nil, ErrEnd
		case <-patience.C:
			return nil, ErrLate
		}
	}
}

// Others returns, in order, those that have come so far and that nobody has waited for.
func (s *Stage) Others() []*Puppet {
	for len(s.arrivals) > 0 {
		s.admit(<-s.arrivals)
	}
	return slices.Clone(s.others)
}

func (s *Stage) admit(p *Puppet) {
	s.all = append(s.all, p)
	s.others = append(s.others, p)
}
