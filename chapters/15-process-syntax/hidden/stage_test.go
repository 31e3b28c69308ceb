//go:build grade

package hidden

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	child "lockstep/chapters/15-process-syntax"
	"lockstep/grader/exam"
)

// background is what waits that is not to be hurried.
var background = context.Background()

// A stage is where the puppets of one check play. When the check is over it makes sure that
// nothing is left of them.
type stage struct {
	t        *testing.T
	path     string // of the socket to which the puppets come
	listener net.Listener
	arrivals chan *puppet
	waiting  map[string]*puppet // they have come, and nobody has asked for them yet
	all      []*puppet
}

func newStage(t *testing.T) *stage {
	t.Helper()
	needSignals(t)
	dir, err := os.MkdirTemp("", "p") // not t.TempDir: the path of a socket must be short
	if err != nil {
		t.Fatalf("the test needs a directory: %v", err)
	}
	s := &stage{t: t, path: filepath.Join(dir, "s"), arrivals: make(chan *puppet, 100), waiting: map[string]*puppet{}}
	t.Setenv(stageVar, s.path)
	if s.listener, err = net.Listen("unix", s.path); err != nil {
		t.Fatalf("the test needs a socket: %v", err)
	}
	accepted := make(chan struct{})
	go func() {
		defer close(accepted)
		s.accept()
	}()
	t.Cleanup(func() {
		s.strike()
		s.listener.Close()
		<-accepted
		for p := range s.arrivals { // nobody has asked for them
			p.conn.Close()
		}
		os.RemoveAll(dir)
	})
	return s
}

func (s *stage) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			close(s.arrivals)
			return
		}
		p := &puppet{stage: s, conn: conn, in: json.NewDecoder(conn), out: json.NewEncoder(conn)}
		var hello report
		if p.in.Decode(&hello) != nil {
			conn.Close() // it has been killed already
			continue
		}
		p.name, p.pid = hello.Name, hello.Pid
		s.arrivals <- p
	}
}

// strike checks that nothing is left, and removes what is.
func (s *stage) strike() {
	s.t.Helper()
	for _, p := range s.all {
		if !s.t.Failed() && p.alive() {
			s.t.Errorf("%s is still running: nothing that was started may be left", p.name)
		}
		p.conn.Close() // that is the end of any puppet
	}
	if s.t.Failed() {
		return // somebody may still be waiting for a child
	}
	if left := leftover(); left != "" {
		s.t.Errorf("%s", left)
	}
}

// start starts a puppet of that name, and waits for it.
func (s *stage) start(name string, args ...string) (*child.Process, *puppet) {
	s.t.Helper()
	p, err := functions.Start("puppet", append([]string{s.path, name}, args...)...)
	if err != nil {
		s.t.Fatalf("Start(...) = error %q, want no error: nothing is wrong with it", err)
	}
	return p, s.enter(name)
}

// daemon starts a daemon of that name, and waits for it.
func (s *stage) daemon(name string) (*child.Process, *puppet) {
	s.t.Helper()
	p, err := functions.StartDaemon("puppet", s.path, name)
	if err != nil {
		s.t.Fatalf("StartDaemon(...) = error %q, want no error: nothing is wrong with it", err)
	}
	return p, s.enter(name)
}

// meanwhile lets a process come and go: time enough for somebody who would now do what he
// should not.
func (s *stage) meanwhile() {
	s.t.Helper()
	self, err := os.Executable()
	if err == nil {
		cmd := exec.Command(self, strangerMark, s.path, "another process")
		if err = cmd.Start(); err == nil {
			stranger := s.enter("another process")
			stranger.tell("return", "")
			err = cmd.Wait()
			stranger.conn.Close()
		}
	}
	if err != nil {
		s.t.Fatalf("the test cannot run a process: %v", err)
	}
}

// enter waits for the puppet of that name, which has been started.
func (s *stage) enter(name string) *puppet {
	s.t.Helper()
	patience := time.NewTimer(exam.Patience) // passes in full only if the test fails
	defer patience.Stop()
	for s.waiting[name] == nil {
		select {
		case p := <-s.arrivals:
			s.arrived(p)
		case <-patience.C:
			s.t.Fatalf("%s has been started, and after %v its function has still not been called", name, exam.Patience)
		}
	}
	p := s.waiting[name]
	delete(s.waiting, name)
	return p
}

// arrived notes who has come.
func (s *stage) arrived(p *puppet) {
	s.t.Helper()
	s.all = append(s.all, p)
	if p.name == lostName {
		s.t.Fatalf("a child goes on in main: Main has returned there, where it was to call the function and to end the process")
	}
	s.waiting[p.name] = p
}

// lost looks whether somebody has come who should not.
func (s *stage) lost() {
	s.t.Helper()
	for len(s.arrivals) > 0 {
		s.arrived(<-s.arrivals)
	}
}

// joins checks what Join returns for a process that has a result.
func (s *stage) joins(p *child.Process, want, when string) {
	s.t.Helper()
	var result string
	var err error
	exam.Within(s.t, "Join(ctx), "+when, func() { result, err = p.Join(background) })
	if err != nil {
		s.lost()
	}
	exam.Error(s.t, "Join(ctx)", err, nil, when)
	exam.Equal(s.t, "Join(ctx)", result, want, when)
}

// fails checks what Join returns for a process that has no result.
func (s *stage) fails(p *child.Process, wantText string, wantCode int, when string) {
	s.t.Helper()
	var result string
	var err error
	exam.Within(s.t, "Join(ctx), "+when, func() { result, err = p.Join(background) })
	var failure *child.Failure
	if !errors.As(err, &failure) {
		s.t.Errorf("Join(ctx) = %q, %v, want a *Failure: %s", result, err, when)
		return
	}
	exam.Equal(s.t, "Failure of Join(ctx)", fmt.Sprintf("%+v", *failure), fmt.Sprintf("%+v", child.Failure{Text: wantText, Code: wantCode}), when)
	exam.Equal(s.t, "result of Join(ctx)", result, "", when)
}

// A puppet is the check's end of a process that does what it is told.
type puppet struct {
	stage   *stage
	name    string
	pid     int
	conn    net.Conn
	in      *json.Decoder
	out     *json.Encoder
	signals []string // that have come
}

// ask tells the puppet what to do, and waits for the answer. It reports false if the puppet
// has ended instead.
func (p *puppet) ask(verb, text string) (answer string, ok bool) {
	p.stage.t.Helper()
	if p.out.Encode(order{verb, text}) != nil {
		return "", false
	}
	r, ok := p.hear(func(r report) bool { return r.Done }, verb)
	return r.Answer, ok
}

// hear waits for a report, and reports false if the puppet has ended instead.
func (p *puppet) hear(wanted func(report) bool, what string) (r report, ok bool) {
	p.stage.t.Helper()
	p.conn.SetReadDeadline(time.Now().Add(exam.Patience)) // passes only if the test fails
	for {
		r = report{}
		switch err := p.in.Decode(&r); {
		case os.IsTimeout(err):
			p.stage.t.Fatalf("%s has not been able to %s within %v", p.name, what, exam.Patience)
		case err != nil:
			return r, false
		}
		if r.Signal != "" {
			p.signals = append(p.signals, r.Signal)
		}
		if wanted(r) {
			return r, true
		}
	}
}

// do is ask for a puppet that should be alive.
func (p *puppet) do(verb, text string) string {
	p.stage.t.Helper()
	answer, ok := p.ask(verb, text)
	if !ok {
		p.stage.t.Fatalf("%s has ended before it could %s: it was to go on living", p.name, verb)
	}
	if reason, failed := strings.CutPrefix(answer, "error: "); failed {
		p.stage.t.Fatalf("%s could not %s: %s", p.name, verb, reason)
	}
	return answer
}

// tell gives an order of which no answer will come.
func (p *puppet) tell(verb, text string) { p.out.Encode(order{verb, text}) }

// caught waits until a puppet that catches SIGTERM has got it.
func (p *puppet) caught() {
	p.stage.t.Helper()
	if len(p.signals) > 0 {
		return
	}
	if _, ok := p.hear(func(r report) bool { return r.Signal != "" }, "catch SIGTERM"); !ok {
		p.stage.t.Fatalf("%s has ended, and has never got SIGTERM, which it catches", p.name)
	}
}

// ends waits for the end of the puppet.
func (p *puppet) ends(when string) {
	p.stage.t.Helper()
	p.conn.SetReadDeadline(time.Now().Add(exam.Patience)) // passes only if the test fails
	for {
		var r report
		if err := p.in.Decode(&r); os.IsTimeout(err) {
			p.stage.t.Fatalf("%s is still running after %v: %s", p.name, exam.Patience, when)
		} else if err != nil {
			return
		}
	}
}

// pings are more than a process that has been killed could answer: one, while it is dying.
const pings = 10

// alive reports whether the puppet is alive and nobody has killed it.
func (p *puppet) alive() bool {
	p.stage.t.Helper()
	for range pings {
		if _, ok := p.ask("ping", ""); !ok {
			return false
		}
	}
	return true
}

// stays checks that the puppet is alive and stays so.
func (p *puppet) stays(when string) {
	p.stage.t.Helper()
	p.stage.meanwhile()
	if !p.alive() {
		p.stage.t.Fatalf("%s has ended: %s", p.name, when)
	}
}

// keepForgottenFiles keeps the collector from closing files that somebody has forgotten to
// close, until the function that it returns is called.
func keepForgottenFiles() (back func()) {
	percent := debug.SetGCPercent(-1)
	return func() { debug.SetGCPercent(percent) }
}
