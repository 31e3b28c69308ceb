//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	pool "lockstep/chapters/17-process-pool"
	"lockstep/grader/exam"
)

const (
	patient = time.Hour             // a grace that is never over
	curt    = 10 * time.Millisecond // a grace for those who would not use a longer one
)

// TestProcessAnswers checks that a real process does one task after the other, and answers with a text or an error.
//
//grade:todo 17.1
//grade:points 1
func TestProcessAnswers(t *testing.T) {
	s := newStaff(t)
	p := s.hire(worker, patient, "a", strings.Repeat("long ", 100_000), "", "two\nlines", "\x00\xff", "100%s")
	for _, text := range []string{errTask.Error(), "", "two\nlines", "100%s", pool.ErrCrashed.Error(), "EOF"} {
		answer, err := s.do(p, failWith+text)
		exam.Equal(t, fmt.Sprintf("answer of Do(%q)", failWith+text), answer, "", "the worker's function returned an error")
		if err == nil || err.Error() != text || errors.Is(err, pool.ErrCrashed) {
			t.Errorf("Do(%q) = error %v (ErrCrashed: %t), want one with the text %q that is not ErrCrashed: that is what the worker's function returned", failWith+text, err, errors.Is(err, pool.ErrCrashed), text)
		}
	}
	pid, err := s.do(p, sayPid)
	exam.Error(t, "Do(\"say pid\")", err, nil, "the task before it has failed, and the worker has not")
	if pid == fmt.Sprint(os.Getpid()) {
		t.Errorf("the task was done in process %s, which is the test's own", pid)
	}
	again, _ := s.do(p, sayPid)
	exam.Equal(t, "process that does the next task", again, pid, "nobody has crashed")
	exam.Within(t, "Close()", p.Close)
	nobodyLeft(t, "after Close")
}

// TestProcessCrashes checks that Do returns ErrCrashed whatever becomes of the process, and that nothing is left of it.
//
//grade:todo 17.1
//grade:points 3
//grade:needs TestProcessAnswers
func TestProcessCrashes(t *testing.T) {
	s := newStaff(t)
	for _, c := range []struct{ task, what, end string }{
		{killSelf, "the process gets SIGKILL in the middle of the task", "signal: killed"},
		{exitWith + "3", "the process exits with 3 in the middle of the task", "exit status 3"},
		{exitWith + "0", "the process exits with 0 in the middle of the task", "exit status 0"},
		{half, "the process ends well, and in the middle of its answer", "exit status 0"},
		{hangUp, "the process closes its standard output and lives on", ""},
		{chatter, "the process prints to its standard output, where answers are expected", ""},
		{nonsense, "the process sends a message of an unknown kind", ""},
	} {
		crash(s, s.hire(worker, curt), c.task, c.what, c.end)
	}
	crash(s, s.hire(worker, curt, deaf), hangUp, "the process ignores SIGTERM, closes its standard output and lives on", "signal: killed")
	p := s.hire(stillborn, curt)
	exam.Equal(t, "what the process says on standard error", s.rest("it ended before its first task"), "", "it ended before its first task")
	crash(s, p, strings.Repeat("long ", 100_000), "the process ended before its first task", "exit status 4")
	s = newStaff(t)
	crash(s, s.hire(worker, curt, shut), "a task", "the process has closed its standard input and lives on, so that the task cannot be sent", "")
}

// crash has p crash at the task, and checks what is left of it.
func crash(s *staff, p *pool.Process, task, what, end string) {
	s.t.Helper()
	answer, err := s.do(p, task)
	exam.Equal(s.t, "answer of Do", answer, "", what)
	exam.Error(s.t, "Do(task)", err, pool.ErrCrashed, what)
	if runtime.GOOS == "windows" { // which has no signals, and other words
		end = ""
	}
	if err != nil && !strings.Contains(err.Error(), end) {
		s.t.Errorf("Do(task) = error %q, want %q to be a part of it: %s", err, end, what)
	}
	nobodyLeft(s.t, what+", and Do has returned")
	_, err = s.do(p, "another task")
	exam.Error(s.t, "Do(\"another task\")", err, pool.ErrCrashed, "the worker has crashed before")
	exam.Within(s.t, "Kill(), of a worker that has crashed", p.Kill)
	exam.Within(s.t, "Close(), of a worker that has crashed", p.Close)
}

// TestProcessClose checks that Close lets a process end by itself, and uses force against one that does not.
//
//grade:todo 17.1
//grade:points 2
//grade:needs TestProcessAnswers
func TestProcessClose(t *testing.T) {
	s := newStaff(t)
	p := s.hire(worker, patient, tells)
	exam.Within(t, "Close()", p.Close)
	nobodyLeft(t, "after Close")
	exam.Within(t, "Close(), again", p.Close)
	exam.Within(t, "Kill(), after Close", p.Kill)
	exam.Equal(t, "what the worker says on standard error", s.rest("Close() with a grace of an hour"), "end of input", "it says what has ended it; Close() with a grace of an hour")

	s = newStaff(t)
	p = s.hire(worker, curt, deaf)
	exam.Within(t, "Close(), of a process that ignores the end of its input and SIGTERM, with a grace of 10ms", p.Close)
	nobodyLeft(t, "after Close of a process that ignores the end of its input")

	const when = "Close(), of a process that ignores the end of its input and would die of SIGTERM, with a grace of 10ms"
	s = newStaff(t)
	p = s.hire(worker, curt, meek)
	exam.Within(t, when, p.Close)
	nobodyLeft(t, when)
	// It is nil if the process was not waited for by cmd.Wait.
	if state := s.cmds[0].ProcessState; state != nil && runtime.GOOS != "windows" {
		exam.Equal(t, "how the process ended", state.String(), "signal: killed", when+": it is to be sent SIGKILL, and no SIGTERM before")
	}
}

// TestProcessKill checks that Kill asks a process by SIGTERM, and uses force against one that does not listen.
//
//grade:todo 17.1
//grade:points 2
//grade:needs TestProcessAnswers
func TestProcessKill(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no SIGTERM: there Kill does not ask")
	}
	s := newStaff(t)
	p := s.hire(worker, patient, tells)
	exam.Within(t, "Kill()", p.Kill)
	nobodyLeft(t, "after Kill")
	exam.Within(t, "Kill(), again", p.Kill)
	exam.Within(t, "Close(), after Kill", p.Close)
	exam.Equal(t, "what the worker says on standard error", s.rest("Kill() with a grace of an hour"), "SIGTERM", "it says what has ended it; Kill() with a grace of an hour")

	s = newStaff(t)
	p = s.hire(worker, curt, deaf)
	exam.Within(t, "Kill(), of a process that ignores SIGTERM, with a grace of 10ms", p.Kill)
	nobodyLeft(t, "after Kill of a process that ignores SIGTERM")
	answer, err := s.do(p, "a task")
	exam.Equal(t, "answer of Do", answer, "", "after Kill")
	exam.Error(t, "Do(\"a task\")", err, pool.ErrCrashed, "Kill has ended the process, and the task cannot be sent")
}

// TestProcessKillMeanwhile checks that Kill ends a Do and a Close that are waiting, and that all wait for the end.
//
//grade:todo 17.1
//grade:points 2
//grade:needs TestProcessCrashes TestProcessKill
func TestProcessKillMeanwhile(t *testing.T) {
	s := newStaff(t)
	p := s.hire(worker, patient)
	done := make(chan error, 1)
	go func() {
		_, err := p.Do(block)
		done <- err
	}()
	s.hears(block, "Do has sent it the task")
	exam.Within(t, "Kill() during Do", p.Kill)
	nobodyLeft(t, "after Kill during Do")
	exam.Within(t, "Do, after Kill", func() {
		exam.Error(t, "Do(task)", <-done, pool.ErrCrashed, "Kill ended the worker meanwhile")
	})

	p = s.hire(worker, patient, lingers)
	closed := make(chan bool)
	go func() {
		p.Close()
		close(closed)
	}()
	s.hears("end of input", "Close has been called, and the process takes its time")
	exam.Within(t, "Kill() during Close", p.Kill)
	nobodyLeft(t, "after Kill during Close")
	exam.Within(t, "Close, after Kill", func() { <-closed })

	p = s.hire(worker, patient, numb)
	sent := make(chan error, 1)
	go func() {
		_, err := p.Do(strings.Repeat("long ", 100_000))
		sent <- err
	}()
	s.hears(numb, "Do has begun to send it a long task, of which it reads no more")
	exam.Within(t, "Kill() while Do sends", p.Kill)
	nobodyLeft(t, "after Kill while Do sends")
	exam.Within(t, "Do, after Kill", func() {
		exam.Error(t, "Do(task)", <-sent, pool.ErrCrashed, "Kill ended the worker, which did not read the whole task")
	})
	endsSlowly(t)
}

// endsSlowly checks that everybody waits for the end of a process that takes its time after a Kill.
func endsSlowly(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // there is no SIGTERM, and Kill does not ask
	}
	const when = "Kill() has sent SIGTERM to the process meanwhile, at which it has exited with 7"
	s := newStaff(t)
	p := s.hire(worker, patient, tells)
	ended := make(chan error, 1)
	go func() {
		_, err := p.Do(block)
		ended <- err
	}()
	s.hears(block, "Do has sent it the task")
	exam.Within(t, "Kill() during Do", p.Kill)
	s.hears("SIGTERM", "Kill() was called")
	exam.Within(t, "Do, after Kill", func() {
		if err := <-ended; exam.Error(t, "Do(task)", err, pool.ErrCrashed, when) && !strings.Contains(err.Error(), "exit status 7") {
			t.Errorf("Do(task) = error %q, want \"exit status 7\" to be a part of it: %s", err, when)
		}
	})
	for _, c := range []struct {
		what string
		call func(p *pool.Process)
		says string // by the process, when it has come so far that Kill may be called; "": Kill is first
	}{
		{"Kill()", (*pool.Process).Kill, ""},
		{"Close()", (*pool.Process).Close, ""},
		{"Do(task)", func(p *pool.Process) { p.Do(block) }, block},
	} {
		when := c.what + " has returned; Kill() has sent SIGTERM to the process, which closes its standard output and needs a while to end"
		s := newStaff(t)
		p := s.hire(worker, patient, slow)
		done, killed := make(chan bool), make(chan bool)
		other := func() {
			c.call(p)
			nobodyLeft(t, when)
			close(done)
		}
		if c.says != "" {
			go other()
			s.hears(c.says, c.what+" was called")
		}
		go func() {
			p.Kill()
			close(killed)
		}()
		s.hears("SIGTERM", "Kill() was called")
		if c.says == "" {
			go other()
		}
		exam.Within(t, c.what+" of a process that is being killed", func() { <-done })
		exam.Within(t, "Kill()", func() { <-killed })
		nobodyLeft(t, "after that, and after Kill")
		if c.says == "" {
			endedInOrder(t, s, "Kill() has sent SIGTERM, and then comes "+c.what+", with a grace of an hour")
		}
	}

	s = newStaff(t)
	p = s.hire(worker, patient, slow)
	closed := make(chan bool)
	go func() {
		p.Close()
		close(closed)
	}()
	s.hears("end of input", "Close() was called")
	exam.Within(t, "Kill() during Close()", p.Kill)
	exam.Within(t, "Close(), after Kill()", func() { <-closed })
	endedInOrder(t, s, "Close() has closed its input, at which it has not ended yet, and then comes Kill(), with a grace of an hour")
}

// endedInOrder checks that a slow worker has come to its own end.
func endedInOrder(t *testing.T, s *staff, when string) {
	t.Helper()
	if !strings.Contains(s.rest(when), inOrder) {
		t.Errorf("the process has ended, and has not said %q on standard error, which it does %v after SIGTERM: it is to have its grace, and no SIGKILL before that. %s", inOrder, long, when)
	}
}

// TestProcessLeavesNoPipe checks that the pipes of a process that has ended are closed, however it ended.
//
//grade:todo 17.1
//grade:points 1
//grade:needs TestProcessCrashes TestProcessClose TestProcessKill
func TestProcessLeavesNoPipe(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // which would close what is forgotten, some day
	s := newStaff(t)
	do := func(task string) func(p *pool.Process) {
		return func(p *pool.Process) { p.Do(task) }
	}
	for _, c := range []struct {
		grace time.Duration
		tasks []string
		end   func(p *pool.Process)
		when  string
	}{
		{patient, nil, (*pool.Process).Close, "Close has returned"},
		{patient, nil, (*pool.Process).Kill, "Kill has returned"},
		{patient, nil, do(killSelf), "Do has returned, as the process was killed"},
		{curt, []string{deaf}, (*pool.Process).Close, "Close has returned, of a process that needed SIGKILL"},
		{curt, []string{deaf}, (*pool.Process).Kill, "Kill has returned, of a process that needed SIGKILL"},
		{curt, []string{deaf}, do(hangUp), "Do has returned, of a process that closed its standard output and lived on"},
	} {
		before := openPipes()
		p := s.hire(worker, c.grace, c.tasks...)
		exam.Within(t, "Close, Kill or crash", func() { c.end(p) })
		exam.Equal(t, "open descriptors of pipes", openPipes(), before, "as many as before StartProcess; "+c.when)
	}
}
