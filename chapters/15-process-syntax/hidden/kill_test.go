//go:build grade

package hidden

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	child "lockstep/chapters/15-process-syntax"
	"lockstep/grader/exam"
	"lockstep/grader/exam/puppet"
)

// status checks Alive and ExitCode.
func (s *stage) status(p *child.Process, alive bool, code int, when string) {
	s.t.Helper()
	exam.Equal(s.t, "Alive()", p.Alive(), alive, when)
	got, ended := p.ExitCode()
	if alive {
		exam.Equal(s.t, "ExitCode()", fmt.Sprintf("_, %v", ended), "_, false", when)
	} else {
		exam.Equal(s.t, "ExitCode()", fmt.Sprintf("%d, %v", got, ended), fmt.Sprintf("%d, true", code), when)
	}
}

// TestAlive checks that Alive is true as long as the process runs, and turns false though nobody calls Join.
//
//grade:todo 15.4
//grade:points 2
//grade:needs TestJoin
func TestAlive(t *testing.T) {
	s := newStage(t)
	p, one := s.start("the child")
	s.status(p, true, 0, "the process is running")
	one.Tell("return", "144")
	one.Ends("its function has returned")
	const when = `the function has returned "144", the process has ended, and nobody has called Join`
	for began := time.Now(); p.Alive(); s.meanwhile() {
		if time.Since(began) > exam.Patience { // never, but for an answer that is wrong
			t.Fatalf("Alive() = true after %v, want false: %s", exam.Patience, when)
		}
	}
	if left := puppet.Leftover(); left != "" {
		t.Errorf("%s: Alive() is false", left)
	}
	s.status(p, false, 0, when)
	s.joins(p, "144", when)
	s.status(p, false, 0, "Join has returned")
}

// TestExitCode checks that ExitCode tells exit statuses, errors and signals apart.
//
//grade:todo 15.4
//grade:points 2
//grade:needs TestJoin
func TestExitCode(t *testing.T) {
	s := newStage(t)
	for _, c := range []struct {
		verb, text string
		code       int
		when       string
	}{
		{"return error", "bad", 1, "the function has returned an error"},
		{"return error", "", 1, "the function has returned an error without a text"},
		{"panic", "boom", 1, "the function has panicked"},
		{"exit", "0", 0, "the function has called os.Exit(0)"},
		{"exit", "7", 7, "the function has called os.Exit(7)"},
		{"exit", "137", 137, "the function has called os.Exit(137)"},
		{"exit", "255", 255, "the function has called os.Exit(255)"},
	} {
		p, puppet := s.start("the child")
		puppet.Tell(c.verb, c.text)
		exam.Within(t, "Join(ctx), "+c.when, func() { p.Join(background) })
		s.status(p, false, c.code, c.when+", and Join has returned")
	}
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} { // nohup and the like make Go ignore others
		p, puppet := s.start("the child")
		when := fmt.Sprintf("somebody has sent signal %d to the process", int(signal))
		if err := puppet.Signal(signal); err != nil {
			t.Fatalf("the signal could not be sent: %v", err)
		}
		s.fails(p, "", -int(signal), when)
		s.status(p, false, -int(signal), when+", and Join has returned")
	}
}

// TestTerminate checks that Terminate asks, Kill does not, and neither waits.
//
//grade:todo 15.4
//grade:points 2
//grade:needs TestExitCode TestAlive
func TestTerminate(t *testing.T) {
	s := newStage(t)
	p, _ := s.start("the child")
	exam.Error(t, "Terminate()", p.Terminate(), nil, "the process is running")
	s.fails(p, "", -15, "Terminate has been called, and the process does not catch SIGTERM")

	p, puppet := s.start("the child")
	puppet.Do("catch", "")
	s.Hint = ": Terminate() has been called"
	for _, get := range []string{"get SIGTERM", "get SIGTERM again"} {
		exam.Within(t, "Terminate(), the process catches SIGTERM", func() {
			exam.Error(t, "Terminate()", p.Terminate(), nil, "the process catches SIGTERM")
		})
		if _, ok := puppet.Ask(get, ""); !ok {
			t.Fatalf("%s has ended before it could %s: it catches that, and Terminate() sends nothing else", puppet.Name, get)
		}
		s.status(p, true, 0, "Terminate has been called; the process catches SIGTERM, and goes on running")
	}
	puppet.Tell("return", "144")
	s.joins(p, "144", `the process has caught SIGTERM twice, and the function has returned "144"`)

	p, puppet = s.start("the child")
	puppet.Do("catch", "")
	exam.Error(t, "Terminate()", p.Terminate(), nil, "the process catches SIGTERM")
	puppet.Do("get SIGTERM", "")
	s.Hint = ""
	puppet.Tell("exit", "7")
	s.fails(p, "", 7, "the process has caught SIGTERM, and the function has called os.Exit(7)")

	p, puppet = s.start("the child")
	puppet.Do("ignore", "")
	exam.Error(t, "Terminate()", p.Terminate(), nil, "the process ignores SIGTERM")
	s.stays(puppet, "Terminate has been called, but the process ignores SIGTERM")
	exam.Error(t, "Kill()", p.Kill(), nil, "the process ignores SIGTERM")
	s.fails(p, "", -9, "Kill has been called")
}

// TestTerminateAfterTheEnd checks that Terminate and Kill do nothing when the process has ended, and may be called again and again.
//
//grade:todo 15.4
//grade:points 2
//grade:needs TestTerminate
func TestTerminateAfterTheEnd(t *testing.T) {
	s := newStage(t)
	p, puppet := s.start("the child")
	puppet.Tell("return", "144")
	s.joins(p, "144", `the function has returned "144"`)
	q, _ := s.start("the other child")
	exam.Error(t, "Kill()", q.Kill(), nil, "the process is running")
	s.fails(q, "", -9, "Kill has been called")
	for range 2 {
		exam.Error(t, "Terminate()", p.Terminate(), nil, "the process has ended before")
		exam.Error(t, "Kill()", p.Kill(), nil, "the process has ended before")
		exam.Error(t, "Terminate()", q.Terminate(), nil, "the process has been killed before")
		exam.Error(t, "Kill()", q.Kill(), nil, "the process has been killed before")
	}
	s.joins(p, "144", `the function has returned "144"; Terminate and Kill have been called after that`)
	s.status(p, false, 0, "the process has ended; Terminate and Kill have been called after that")
	s.fails(q, "", -9, "Kill has been called; Terminate after that")

	// At the end itself: whoever comes too late has no error either.
	p, puppet = s.start("the child")
	puppet.Tell("exit", "7")
	exam.Within(t, "Terminate and Join at the same time", func() {
		exam.Together(
			func() { exam.Error(t, "Terminate()", p.Terminate(), nil, "the process is ending") },
			func() { exam.Error(t, "Kill()", p.Kill(), nil, "the process is ending") },
			func() { p.Join(background) },
			func() { p.Join(background) },
		)
	})
	exam.Equal(t, "Alive()", p.Alive(), false, "Join has returned")
}

// TestLeavesNoFile checks that nothing is open any more when the children have ended, or could not be started.
//
//grade:todo 15.4
//grade:points 1
//grade:needs TestTerminate
func TestLeavesNoFile(t *testing.T) { newStage(t).leavesNoFile(ordinary) }
