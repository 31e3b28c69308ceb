//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	process "lockstep/chapters/14-process"
	"lockstep/grader/exam"
	"lockstep/grader/exam/puppet"
)

// A stage is where the programs of one check play.
type stage struct {
	*puppet.Stage
	t    *testing.T
	self string // this test binary
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{Stage: puppet.NewStage(t), t: t}
	s.Hint = ": is it kept waiting?"
	var err error
	if s.self, err = os.Executable(); err != nil {
		t.Fatalf("the test cannot find itself: %v", err)
	}
	return s
}

// command returns a Command that is a program of that name.
func (s *stage) command(name string, args ...string) process.Command {
	return process.Command{
		Path:  s.self,
		Args:  append([]string{puppetMark, s.Path(), name}, args...),
		Grace: time.Hour, // longer than any check
	}
}

// lost returns a Command whose program finds no stage: it complains, and calls exit(1).
func (s *stage) lost() process.Command {
	c := s.command("the process")
	c.Args[1] = filepath.Join(s.t.TempDir(), "nowhere")
	return c
}

// replaceStreams gives us other streams than those of this test, until its end, and input that
// nobody is to read. What is printed to them it returns when it is called.
func replaceStreams(t *testing.T) (printed func() string) {
	t.Helper()
	in, out := newFile(t, "in"), newFile(t, "out")
	if err := os.WriteFile(in.Name(), []byte("our own input"), 0o600); err != nil {
		t.Fatal(err)
	}
	stdin, stdout, stderr := os.Stdin, os.Stdout, os.Stderr
	t.Cleanup(func() { os.Stdin, os.Stdout, os.Stderr = stdin, stdout, stderr })
	os.Stdin, os.Stdout, os.Stderr = in, out, out
	return func() string { return content(t, out) }
}

// here returns the directory in which the test runs.
func here(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	return dir
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

// spawn starts a program of that name without the code under test.
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

// untilReaped gives the call that started p time to see its end, and to do what it does then.
// An answer that takes all of p's output first sees it later than we wait.
func (s *stage) untilReaped(p *program) {
	s.t.Helper()
	for range 50 {
		s.meanwhile()
		if p.Signal(0) != nil {
			break
		}
	}
	s.meanwhile()
}

// startNone makes a call that starts processes, and lets it start none before goOn is called.
func startNone(begin func() *call) (run *call, goOn func()) {
	lock := &syscall.ForkLock // package syscall takes it for every start
	lock.RLock()
	run = begin()
	for lock.TryRLock() { // the call does not wait for it yet
		lock.RUnlock()
		select {
		case <-run.returned:
			return run, lock.RUnlock
		default:
			runtime.Gosched()
		}
	}
	return run, lock.RUnlock
}

// stillWrites checks that the call has not returned while a first Write goes on. When says what
// has happened.
func (c *call) stillWrites(when string) {
	c.stage.t.Helper()
	select {
	case <-c.returned:
		c.stage.t.Errorf("%s has returned, and not all has been written: %s, and the first Write goes on", c.what, when)
	default:
	}
}

// enter waits for the programs of these names, which the call starts.
func (c *call) enter(names ...string) []*program {
	s := c.stage
	s.t.Helper()
	var found []*program
	for _, name := range names {
		p, err := s.Wait(c.returned, name)
		switch {
		case errors.Is(err, puppet.ErrEnd):
			s.t.Fatalf("%s = %v, %v: it has returned, and %s had no time to do anything yet", c.what, c.statuses, c.err, name)
		case err != nil:
			s.t.Fatalf("%s: %s has not been started within %v", c.what, name, exam.Patience)
		}
		found = append(found, &program{p, s.t})
	}
	return found
}

// one is enter for a single program.
func (c *call) one(name string) *program {
	c.stage.t.Helper()
	return c.enter(name)[0]
}

// A program is a puppet that the code under test runs, or that one of those has started.
type program struct {
	*puppet.Puppet
	t *testing.T
}

// exit makes the program exit with that code.
func (p *program) exit(code int) { p.Tell("exit", fmt.Sprint(code)) }

// fork makes the program start a grandchild of that name, and waits for it.
func (p *program) fork(c *call, name string) *program {
	p.t.Helper()
	p.Do("fork", name)
	return c.one(name)
}

// forkStranger is fork for a grandchild in a group of its own.
func (p *program) forkStranger(c *call, name string) *program {
	p.t.Helper()
	p.Do("fork a stranger", name)
	return c.one(name)
}

// caught waits until a program that catches SIGTERM has got it.
func (p *program) caught() {
	p.t.Helper()
	if !p.Caught() {
		p.t.Fatalf("%s has ended, and has never got SIGTERM, which it catches: it was to end in its own way", p.Name)
	}
}

// gone checks that a program that should not run any more does not.
func (p *program) gone(when string) {
	p.t.Helper()
	if p.Alive() {
		p.t.Errorf("%s is still running: %s", p.Name, when)
	}
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
	closed  exam.Count
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

// Close is there to be left alone.
func (w *witness) Close() error {
	w.closed.Add()
	return nil
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

// anything is input with all kinds of bytes, and more than any pipe holds.
var anything = everyByte() + "100%d\r\n" + strings.Repeat(floodOut, floodRounds)

func everyByte() string {
	var all []byte
	for b := range 256 {
		all = append(all, byte(b))
	}
	return string(all)
}

// hasAnything checks that the witness has seen anything, byte for byte.
func (w *witness) hasAnything(when string) {
	w.t.Helper()
	seen, same := w.String(), 0
	for same < min(len(seen), len(anything)) && seen[same] == anything[same] {
		same++
	}
	if same < max(len(seen), len(anything)) {
		w.t.Errorf("%s has %d bytes, and the input %d; from byte %d on it is %.8q, want %.8q: %s", w.what, len(seen), len(anything), same, seen[same:], anything[same:], when)
	}
}
