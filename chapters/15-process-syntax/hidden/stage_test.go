//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"testing"

	child "lockstep/chapters/15-process-syntax"
	"lockstep/grader/exam"
	"lockstep/grader/exam/puppet"
)

// background is what waits that is not to be hurried.
var background = context.Background()

// A stage is where the puppets of one check play.
type stage struct {
	*puppet.Stage
	t *testing.T
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{puppet.NewStage(t), t}
	t.Setenv(stageVar, s.Path())
	return s
}

// A way is one to start a process.
type way struct {
	name  string
	start func(name string, args ...string) (*child.Process, error)
}

var (
	ordinary = way{"Start", functions.Start}
	daemonic = way{"StartDaemon", functions.StartDaemon}
)

// begin starts a puppet of that name in that way, and waits for it.
func (s *stage) begin(w way, name string, args ...string) (*child.Process, *puppet.Puppet) {
	s.t.Helper()
	p, err := w.start("puppet", append([]string{s.Path(), name}, args...)...)
	if err != nil {
		s.t.Fatalf("%s(...) = error %q, want no error: nothing is wrong with it", w.name, err)
	}
	return p, s.enter(name)
}

// start starts a puppet of that name, and waits for it.
func (s *stage) start(name string, args ...string) (*child.Process, *puppet.Puppet) {
	s.t.Helper()
	return s.begin(ordinary, name, args...)
}

// daemon starts a daemon of that name, and waits for it.
func (s *stage) daemon(name string) (*child.Process, *puppet.Puppet) {
	s.t.Helper()
	return s.begin(daemonic, name)
}

// meanwhile lets a process come and go: time enough for somebody who would now do what he
// should not.
func (s *stage) meanwhile() {
	s.t.Helper()
	s.visit(nil, "")
}

// visit lets a process come and go that has that environment, or ours if it is nil.
func (s *stage) visit(env []string, when string) {
	s.t.Helper()
	const name, args = "another process", 3
	self, err := os.Executable()
	if err != nil {
		s.t.Fatalf("the test cannot find its own program: %v", err)
	}
	cmd := exec.Command(self, strangerArgs(s.Path(), name, args)...)
	cmd.Env = env
	if err := cmd.Start(); err != nil {
		s.t.Fatalf("the test cannot run a process: %v", err)
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	stranger, err := s.Wait(ended, name, lostName)
	if err != nil {
		cmd.Process.Kill()
		s.t.Fatalf("another process has been started by package exec (number of arguments: %d)%s, and Main has not returned there: it is no child", args, when)
	}
	s.wanted(stranger)
	stranger.Tell("return", "")
	<-ended
	stranger.Close()
}

// visitDuring lets a process come and go that somebody else has started while Start is about to
// start the child. That matters only if our environment is another one then.
func (s *stage) visitDuring(w way) {
	s.t.Helper()
	usual := os.Environ()
	lock := &syscall.ForkLock // package syscall takes it for every start
	lock.RLock()
	var p *child.Process
	var err error
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		p, err = w.start("echo", "144")
	}()
waiting:
	for lock.TryRLock() { // Start does not wait for it yet
		lock.RUnlock()
		select {
		case <-returned:
			break waiting
		default:
			runtime.Gosched()
		}
	}
	env := os.Environ()
	lock.RUnlock()
	exam.Within(s.t, w.name+"(...)", func() { <-returned })
	if err != nil {
		s.t.Fatalf("%s(...) = error %q, want no error: nothing is wrong with it", w.name, err)
	}
	s.joins(p, "144", "the function has returned that")
	more := slices.DeleteFunc(slices.Clone(env), func(v string) bool { return slices.Contains(usual, v) })
	if len(more) == 0 {
		return
	}
	s.visit(env, fmt.Sprintf(" while %s was under way, when our environment had %q more", w.name, more))
}

// stranger lets a puppet start another process by package exec, and waits for it.
func (s *stage) stranger(starter *puppet.Puppet, name string) *puppet.Puppet {
	s.t.Helper()
	args := starter.Do("start stranger", name)
	p, err := s.Wait(nil, name, lostName)
	if err != nil {
		s.t.Fatalf("%s has been started by package exec (number of arguments: %s), and after %v Main has not returned there: it is no child", name, args, exam.Patience)
	}
	s.wanted(p)
	return p
}

// enter waits for the puppet of that name, which has been started.
func (s *stage) enter(name string) *puppet.Puppet {
	s.t.Helper()
	p, err := s.Wait(nil, name, lostName)
	if err != nil {
		s.t.Fatalf("%s has been started, and after %v its function has still not been called", name, exam.Patience)
	}
	s.wanted(p)
	return p
}

// wanted ends the check if p is one that should not come.
func (s *stage) wanted(p *puppet.Puppet) {
	s.t.Helper()
	if p.Name == lostName {
		s.t.Fatalf("a child goes on in main: Main has returned there, where it was to call the function and to end the process")
	}
}

// lost looks whether somebody has come who should not.
func (s *stage) lost() {
	s.t.Helper()
	for _, p := range s.Others() {
		s.wanted(p)
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

// stays checks that a puppet is alive and stays so.
func (s *stage) stays(p *puppet.Puppet, when string) {
	s.t.Helper()
	s.meanwhile()
	if !p.Alive() {
		s.t.Fatalf("%s has ended: %s", p.Name, when)
	}
}
