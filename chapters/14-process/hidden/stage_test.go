//go:build grade

package hidden

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	process "lockstep/chapters/14-process"
	"lockstep/grader/exam"
)

// A stage is where the puppets of one check play. When the check is over it makes sure that
// nothing is left of them.
type stage struct {
	t        *testing.T
	self     string // this test binary
	path     string // of the socket to which the puppets come
	listener net.Listener
	arrivals chan *puppet
	waiting  map[string]*puppet // they have come, and nobody has asked for them yet
	all      []*puppet
}

func newStage(t *testing.T) *stage {
	t.Helper()
	needSignals(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatalf("the test cannot find itself: %v", err)
	}
	dir, err := os.MkdirTemp("", "p") // not t.TempDir: the path of a socket must be short
	if err != nil {
		t.Fatalf("the test needs a directory: %v", err)
	}
	s := &stage{t: t, self: self, path: filepath.Join(dir, "s"), arrivals: make(chan *puppet, 100), waiting: map[string]*puppet{}}
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
		return // a call may still be waiting for its child
	}
	if left := leftover(); left != "" {
		s.t.Errorf("%s", left)
	}
}

// command returns a Command that is a puppet of that name.
func (s *stage) command(name string, args ...string) process.Command {
	return process.Command{
		Path:  s.self,
		Args:  append([]string{puppetMark, s.path, name}, args...),
		Grace: time.Hour, // longer than any check
	}
}

// A call is a call of Run or Pipe that is under way.
type call struct {
	stage    *stage
	what     string
	returned chan struct{}
	statuses []process.Status
	err      error
}

// run calls Run, and goes on at once.
func (s *stage) run(ctx context.Context, c process.Command) *call {
	return s.begin("Run(ctx, c)", func() ([]process.Status, error) {
		status, err := process.Run(ctx, c)
		return []process.Status{status}, err
	})
}

// pipe calls Pipe, and goes on at once.
func (s *stage) pipe(ctx context.Context, commands ...process.Command) *call {
	return s.begin("Pipe(ctx, ...)", func() ([]process.Status, error) { return process.Pipe(ctx, commands...) })
}

func (s *stage) begin(what string, f func() ([]process.Status, error)) *call {
	c := &call{stage: s, what: what, returned: make(chan struct{})}
	go func() {
		defer close(c.returned)
		c.statuses, c.err = f()
	}()
	return c
}

// end waits for the return of the call, and returns its results. When says what has happened before.
func (c *call) end(when string) ([]process.Status, error) {
	c.stage.t.Helper()
	exam.Within(c.stage.t, c.what+", "+when, func() { <-c.returned })
	return c.statuses, c.err
}

// spawn starts a puppet of that name without the code under test.
func (s *stage) spawn(name string) (*call, *exec.Cmd) {
	s.t.Helper()
	c := s.command(name)
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Env = []string{}
	if err := cmd.Start(); err != nil {
		s.t.Fatalf("the test cannot start a process: %v", err)
	}
	return s.begin(name, func() ([]process.Status, error) { return nil, cmd.Wait() }), cmd
}

// meanwhile lets a process come and go: time enough for a call that would now do what it
// should not.
func (s *stage) meanwhile() {
	s.t.Helper()
	run, _ := s.spawn("another process")
	run.one("another process").exit(0)
	run.end("which the test has started")
}

// enter waits for the puppets of these names, which the call starts.
func (c *call) enter(names ...string) []*puppet {
	s := c.stage
	s.t.Helper()
	var found []*puppet
	for _, name := range names {
		for s.waiting[name] == nil {
			p := c.next(name)
			s.all = append(s.all, p)
			s.waiting[p.name] = p
		}
		found = append(found, s.waiting[name])
		delete(s.waiting, name)
	}
	return found
}

// next returns the puppet that comes next.
func (c *call) next(name string) *puppet {
	s := c.stage
	s.t.Helper()
	patience := time.NewTimer(exam.Patience) // passes in full only if the test fails
	defer patience.Stop()
	select {
	case p := <-s.arrivals:
		return p
	case <-c.returned:
		s.t.Fatalf("%s = %v, %v: it has returned, and %s had no time to do anything yet", c.what, c.statuses, c.err, name)
	case <-patience.C:
		s.t.Fatalf("%s: %s has not been started within %v", c.what, name, exam.Patience)
	}
	return nil
}

// one is enter for a single puppet.
func (c *call) one(name string) *puppet {
	c.stage.t.Helper()
	return c.enter(name)[0]
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
			p.stage.t.Fatalf("%s has not been able to %s within %v: is it kept waiting?", p.name, what, exam.Patience)
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

// exit makes the puppet exit with that code.
func (p *puppet) exit(code int) { p.tell("exit", fmt.Sprint(code)) }

// fork makes the puppet start a grandchild of that name, and waits for it.
func (p *puppet) fork(c *call, name string) *puppet {
	p.stage.t.Helper()
	p.do("fork", name)
	return c.one(name)
}

// caught waits until a puppet that catches SIGTERM has got it.
func (p *puppet) caught() {
	p.stage.t.Helper()
	isTerm := func(r report) bool { return r.Signal == "terminated" }
	for _, signal := range p.signals {
		if signal == "terminated" {
			return
		}
	}
	if _, ok := p.hear(isTerm, "catch SIGTERM"); !ok {
		p.stage.t.Fatalf("%s has ended, and has never got SIGTERM, which it catches: it was to end in its own way", p.name)
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

// keepForgottenFiles keeps the collector from closing files that somebody has forgotten to
// close, until the function that it returns is called.
func keepForgottenFiles() (back func()) {
	percent := debug.SetGCPercent(-1)
	return func() { debug.SetGCPercent(percent) }
}

// A witness is a writer that sees what a process prints, when it is printed.
type witness struct {
	t       *testing.T
	what    string
	inside  exam.Peak
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{}
	hold    chan struct{} // if there is one, the first Write waits until it is closed
}

func newWitness(t *testing.T, what string) *witness {
	return &witness{t: t, what: what, changed: make(chan struct{})}
}

func (w *witness) Write(data []byte) (int, error) {
	w.inside.Enter()
	defer w.inside.Leave()
	w.mu.Lock()
	w.text.Write(data)
	close(w.changed)
	w.changed = make(chan struct{})
	hold := w.hold
	w.mu.Unlock()
	if hold != nil {
		<-hold
	}
	return len(data), nil
}

func (w *witness) seen() (text string, changed <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String(), w.changed
}

func (w *witness) String() string {
	text, _ := w.seen()
	return text
}

// await waits until the witness has seen exactly text.
func (w *witness) await(text, when string) {
	w.t.Helper()
	patience := time.NewTimer(exam.Patience) // passes in full only if the test fails
	defer patience.Stop()
	for {
		seen, changed := w.seen()
		if seen == text {
			return
		}
		select {
		case <-changed:
		case <-patience.C:
			w.t.Fatalf("%s has got %q after %v, want %q: %s", w.what, seen, exam.Patience, text, when)
		}
	}
}
