//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	process "lockstep/chapters/14-process"
	"lockstep/grader/exam"
	"lockstep/grader/exam/puppet"
)

// family starts a process that starts one more, with the same streams and in the same group.
func (s *stage) family(ctx context.Context, c process.Command) (run *call, child, grandchild *program) {
	s.t.Helper()
	run = s.run(ctx, c)
	child = run.one("the child")
	return run, child, child.fork(run, "the grandchild")
}

// TestRunNotAtAll checks that Run starts nothing when its context has already ended.
//
//grade:todo 14.4
//grade:points 1
func TestRunNotAtAll(t *testing.T) {
	s := newStage(t)
	ctx, cancel := context.WithCancelCause(background)
	cancel(errCause)
	c := s.command("the process")
	c.Path = filepath.Join(t.TempDir(), "nothing") // so trying to start it would give another error
	out, errs := process.NewOutput(100), newFile(t, "Err")
	c.Out, c.Err = out, errs
	const when = "ctx has ended before; c.Path does not exist, but Run should not even try"
	s.run(ctx, c).ends(process.Status{Code: -1}, context.Canceled, when)
	stillOpen(t, "c.Out, an Output", out, when)
	stillOpen(t, "c.Err, a file", errs, when)
}

// TestRunKillsTheGroup checks that Run kills a process and its children when its context ends, and says that it was killed.
//
//grade:todo 14.4
//grade:points 3
//grade:needs TestRunStatus
func TestRunKillsTheGroup(t *testing.T) {
	s := newStage(t)
	for _, grace := range []time.Duration{0, -time.Hour} {
		ctx, cancel := context.WithCancelCause(background)
		defer cancel(nil)
		out := newWitness(t, "Out")
		out.hold = make(chan struct{}) // what follows is still to be read when the child is killed
		c := s.command("the child")
		c.In, c.Out, c.Grace = strings.Repeat(floodOut, floodRounds), out, grace
		run := s.run(ctx, c)
		child := run.one("the child")
		child.Do("print", "1 ")
		grandchild := child.fork(run, "the grandchild")
		grandchild.Do("print", "2")
		cares := "ignores SIGTERM"
		if grace == 0 && runtime.GOOS == "linux" { // elsewhere it cannot be told to
			child.Do("default", fmt.Sprint(int(syscall.SIGTERM)))
			cares = "would die of SIGTERM, which without Grace is not sent"
		} else {
			child.Do("ignore", "")
		}
		cancel(errCause)
		s.meanwhile()
		run.stillWrites("ctx has ended")
		close(out.hold)
		when := "ctx has ended; the child has a child of its own with the same streams, and neither reads its input; the child " + cares + "; Grace is " + grace.String()
		run.ends(killed(syscall.SIGKILL), context.Canceled, when)
		child.gone(when)
		grandchild.gone(when)
		exam.Equal(t, "Out", out.String(), "1 2", "the child has printed 1, its child 2, and then ctx has ended, while the first Write took long")
	}
}

// TestRunTimesOut checks that Run says that the time is over, and how the process ended.
//
//grade:todo 14.4
//grade:points 1
//grade:needs TestRunKillsTheGroup
func TestRunTimesOut(t *testing.T) {
	s := newStage(t)
	// On a busy machine the time may be over before the process has been started, which
	// proves nothing: then it gets more.
	for timeout := 10 * time.Millisecond; ; timeout *= 4 {
		ctx, cancel := context.WithTimeout(background, timeout)
		run := s.run(ctx, s.command("the process"))
		when := fmt.Sprintf("ctx ends after %v, and the process does not catch SIGTERM", timeout)
		statuses, err := run.end(when)
		cancel()
		if timeout > time.Second || statuses[0] != (process.Status{Code: -1}) || !errors.Is(err, context.DeadlineExceeded) {
			run.ends(killed(syscall.SIGTERM), context.DeadlineExceeded, when)
			return
		}
	}
}

// TestRunAsksFirst checks that all of the group get SIGTERM, and the time to end in their own way.
//
//grade:todo 14.4
//grade:points 2
//grade:needs TestRunKillsTheGroup
func TestRunAsksFirst(t *testing.T) {
	s := newStage(t)
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	out := newWitness(t, "Out")
	c := s.command("the child")
	c.Out = out
	run, child, grandchild := s.family(ctx, c)
	child.Do("catch", "")
	grandchild.Do("catch", "")
	cancel()
	child.caught()
	grandchild.caught()
	grandchild.Do("print", "last words, ")
	child.Do("print", "and a will")
	child.exit(128 + 15)
	const when = "ctx has ended; the child and its child have caught SIGTERM and printed something; then the child has called exit(143), which is a number like others"
	run.ends(exited(128+15), context.Canceled, when)
	exam.Equal(t, "Out", out.String(), "last words, and a will", when)
	grandchild.gone("the child, which ended within its Grace, had started it, and Run has returned")

	// exit(0) after SIGTERM is still not what was to be done.
	ctx, cancel = context.WithCancel(background)
	defer cancel()
	c = s.command("the process")
	c.Grace = math.MaxInt64 // for ever
	run = s.run(ctx, c)
	p := run.one("the process")
	p.Do("catch", "")
	cancel()
	p.caught()
	p.exit(0)
	run.ends(exited(0), context.Canceled, "ctx has ended, the process has caught SIGTERM and called exit(0); Grace is the longest that there is")
	s.graceAfterSIGTERM()
}

// graceAfterSIGTERM checks that Grace has not begun before SIGTERM has been sent.
func (s *stage) graceAfterSIGTERM() {
	s.t.Helper()
	// Only who is killed before Grace is over is killed too soon. On a busy machine the process may
	// not end within its Grace, which proves nothing: then it gets more.
	for grace := 50 * time.Millisecond; ; grace *= 2 {
		ctx, cancel := context.WithCancel(background)
		defer cancel()
		c := s.command("the process")
		c.Grace = grace
		run := s.run(ctx, c)
		p := run.one("the process")
		p.Do("catch", "")
		for began := time.Now(); time.Since(began) < grace; {
			s.meanwhile()
		}
		s.meanwhile()
		stopped := time.Now()
		cancel()
		if p.Caught() {
			s.meanwhile()
			p.exit(7)
		}
		statuses, err := run.end("ctx has ended")
		took := time.Since(stopped)
		if statuses[0] != exited(7) && took >= grace && grace < exam.Patience {
			continue
		}
		when := fmt.Sprintf("the process has run for longer than Grace, which is %v; then ctx has ended, and Run has returned %v later; "+
			"Grace begins with SIGTERM, which the process catches, and there was time to call exit(7)", grace, took.Round(time.Millisecond))
		exam.Equal(s.t, "status of "+run.what, statuses[0], exited(7), when)
		exam.Error(s.t, run.what, err, context.Canceled, when)
		return
	}
}

// TestRunInsists checks that who ignores SIGTERM gets SIGKILL when Grace is over, children of the process too.
//
//grade:todo 14.4
//grade:points 2
//grade:needs TestRunKillsTheGroup
func TestRunInsists(t *testing.T) {
	s := newStage(t)
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	c := s.command("the child")
	c.Out, c.Grace = newWitness(t, "Out"), 10*time.Millisecond
	run, child, grandchild := s.family(ctx, c)
	child.Do("ignore", "")
	grandchild.Do("ignore", "")
	cancel()
	const when = "ctx has ended, and the child and its child ignore SIGTERM; Grace is 10ms"
	run.ends(killed(syscall.SIGKILL), context.Canceled, when)
	child.gone(when)
	grandchild.gone(when)

	ctx, cancel = context.WithCancel(background)
	defer cancel()
	c = s.command("the child")
	c.Out = newWitness(t, "Out")
	run, _, grandchild = s.family(ctx, c)
	grandchild.Do("ignore", "")
	cancel()
	const mixed = "ctx has ended; SIGTERM has ended the child, whose child ignores it; Grace is an hour, and the group is to end with the child"
	run.ends(killed(syscall.SIGTERM), context.Canceled, mixed)
	grandchild.gone(mixed)
}

// TestRunLeavesNobody checks that what a process leaves running is killed when it has ended.
//
//grade:todo 14.4
//grade:points 2
//grade:needs TestRunKillsTheGroup
func TestRunLeavesNobody(t *testing.T) {
	s := newStage(t)
	end := []struct {
		how  string
		end  func(child *program)
		want process.Status
	}{
		{"the child has called exit(0)", func(child *program) { child.exit(0) }, exited(0)},
		{"the child has called exit(3)", func(child *program) { child.exit(3) }, exited(3)},
		{"somebody has killed the child", func(child *program) { child.Signal(syscall.SIGKILL) }, killed(syscall.SIGKILL)},
	}
	for _, e := range end {
		out := newWitness(t, "Out")
		c := s.command("the child")
		c.In, c.Out, c.Err = "some input", out, newWitness(t, "Err")
		run, child, grandchild := s.family(background, c)
		grandchild.Do("print", "I am still here")
		e.end(child)
		when := e.how + "; its child has the same streams, and goes on running"
		run.ends(e.want, nil, when)
		grandchild.gone(when + "; Run has returned")
		exam.Equal(t, "Out", out.String(), "I am still here", when)
	}
	// One that has closed its streams keeps nobody waiting, and is forgotten the more easily.
	c := s.command("the child")
	c.Grace = time.Second // for the child alone
	run, child, grandchild := s.family(background, c)
	grandchild.Do("close", "")
	grandchild.Do("deaf", "")
	grandchild.Do("catch", "")
	child.exit(0)
	const when = "the child has called exit(0); its child has closed its streams, and goes on running"
	run.ends(exited(0), nil, when)
	grandchild.gone(when + "; Run has returned")
	if !t.Failed() && grandchild.Caught() {
		t.Errorf("%s has got SIGTERM: %s, and was to get SIGKILL at once", grandchild.Name, when)
	}

	// A stranger, in a group of its own, may keep Run waiting. He is left alone.
	c = s.command("the child")
	c.In = strings.Repeat(floodOut, floodRounds)
	run, child, grandchild = s.family(background, c)
	stranger := child.forkStranger(run, "the stranger")
	child.exit(0)
	grandchild.Ends("the child, which has started it, has called exit(0)") // so that is known
	s.meanwhile()
	s.meanwhile()
	const own = "the child has called exit(0); it has started one more in a group of its own, which holds the input, and nobody has read that"
	if !stranger.Alive() {
		t.Errorf("the stranger was killed: %s", own)
	}
	stranger.exit(0)
	run.ends(exited(0), nil, own+"; that has called exit(0) later")
}

// late checks how a call ends whose ctx ends after the process, and before all has been written.
func (s *stage) late(begin func(ctx context.Context, c process.Command) *call) *call {
	s.t.Helper()
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	out := newWitness(s.t, "Out")
	out.hold = make(chan struct{})
	c := s.command("the child")
	c.Out = out
	run := begin(ctx, c)
	child := run.one("the child")
	grandchild := child.fork(run, "the grandchild")
	child.Do("print", "text")
	out.await("text", `the child has printed "text" and goes on running`)
	child.exit(3)
	// When the group is killed the call knows of its end; then there is time to take note of it.
	grandchild.Ends("the child has called exit(3), and whoever is left of its group gets SIGKILL at once; Out is still at work")
	s.meanwhile()
	s.meanwhile()
	cancel()
	s.meanwhile()
	close(out.hold)
	return run
}

// tooLate is what has happened before the end of a late call.
const tooLate = "the child has called exit(3); then ctx has ended, while Out was still at work"

// TestRunTooLate checks that it is no error when the context ends after the process, though Run is still writing.
//
//grade:todo 14.4
//grade:points 1
//grade:needs TestRunShowsOutputAtOnce TestRunLeavesNobody
func TestRunTooLate(t *testing.T) {
	s := newStage(t)
	s.late(s.run).ends(exited(3), nil, tooLate)
}

// TestRunKillsOnlyItsOwn checks that two runs at the same time have nothing to do with each other, and that there may be many.
//
//grade:todo 14.4
//grade:points 1
//grade:needs TestRunAsksFirst TestRunLeavesNobody
func TestRunKillsOnlyItsOwn(t *testing.T) {
	s := newStage(t)
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	c, out := s.command("the staying one"), newWitness(t, "Out")
	c.Out = out
	staying := s.run(background, c)
	stays := staying.one("the staying one")
	c, stoppedOut := s.command("the stopped one"), newWitness(t, "Out")
	c.Out = stoppedOut
	stopped := s.run(ctx, c)
	stops := stopped.one("the stopped one")
	stays.Do("print", "one, ")
	stops.Do("print", "two")
	ending := s.run(background, s.command("the ending one"))
	ending.one("the ending one").exit(0)
	ending.ends(exited(0), nil, "the process has called exit(0), while two others run")
	cancel()
	stopped.ends(killed(syscall.SIGTERM), context.Canceled, "its ctx has ended, while another runs")
	if !stays.Alive() {
		t.Errorf("a process was ended: another Run has ended its own")
	}
	stays.Do("print", "three")
	stays.exit(3)
	staying.ends(exited(3), nil, "the process has called exit(3); the others have ended before")
	exam.Equal(t, "Out of the one that stays", out.String(), "one, three", "that is what it has printed")
	exam.Equal(t, "Out of the one that is stopped", stoppedOut.String(), "two", "that is what it has printed")

	const many = 20
	g := guest{make(chan struct{}), make(chan struct{})}
	var all []*call
	for range many {
		c := s.lost()
		c.Err = g
		all = append(all, s.run(background, c))
	}
	exam.Within(t, fmt.Sprintf("%d calls of Run at the same time, until each has begun to write to Err what its process has complained", many), func() {
		for range many {
			<-g.came
		}
	})
	close(g.hold)
	for _, run := range all {
		run.ends(exited(1), nil, fmt.Sprintf("%d times at the same time; each process has complained and called exit(1)", many))
	}
}

// A guest is a writer that says that it has come, and waits until hold is closed.
type guest struct{ came, hold chan struct{} }

func (g guest) Write(data []byte) (int, error) {
	select {
	case g.came <- struct{}{}:
	case <-g.hold:
	}
	<-g.hold
	return len(data), nil
}

// TestRunLeavesNoFile checks that Run closes every file that it has opened, and no other.
//
//grade:todo 14.4
//grade:points 1
//grade:needs TestRunStreams TestRunLeavesNobody
func TestRunLeavesNoFile(t *testing.T) {
	s := newStage(t)
	once := func(ctx context.Context, cancel func()) {
		c := s.command("the process")
		c.In, c.Out, c.Err = "some input", newWitness(t, "Out"), newWitness(t, "Err")
		run := s.run(ctx, c)
		p := run.one("the process")
		cancel()
		p.exit(0) // if it still can
		run.end("the process has called exit(0), or ctx has ended")
		p.Close()

		c.Path = filepath.Join(c.Path, "nothing")
		s.run(background, c).end("there is no file c.Path")

		c = s.command("the process")
		run = s.run(background, c)
		p = run.one("the process")
		p.exit(0)
		run.end("the process has called exit(0), and c.Out and c.Err are nil")
		p.Close()

		c.Path = filepath.Join(c.Path, "nothing")
		s.run(background, c).end("there is no file c.Path, and c.Out and c.Err are nil")
	}
	round := func() {
		once(background, func() {})
		once(context.WithCancel(background))
	}
	defer puppet.KeepForgottenFiles()()
	round() // opens what the runtime itself keeps
	before := puppet.OpenFiles()
	round()
	exam.Equal(t, "open files", puppet.OpenFiles(), before, "there were so many before eight calls of Run, of which half had no Out and no Err; one was ended by ctx, and four could not start their process")

	run, when := s.lackFiles(func() *call {
		c := s.lost()
		c.In, c.Out, c.Err = "some input", newWitness(t, "Out"), newWitness(t, "Err")
		return s.run(background, c)
	})
	run.ends(exited(1), nil, "the process has called exit(1); "+when)

	out, errs := newFile(t, "Out"), newFile(t, "Err")
	c := s.command("the process")
	c.Out, c.Err = out, errs
	run = s.run(background, c)
	p := run.one("the process")
	p.Do("print", "one, ")
	p.Do("complain", "two, ")
	p.exit(0)
	const files = `c.Out and c.Err are files; the process has printed "one, ", complained "two, " and called exit(0)`
	run.ends(exited(0), nil, files)
	stillOpen(t, "c.Out", out, files)
	stillOpen(t, "c.Err", errs, files)
	exam.Equal(t, "what is in c.Out", content(t, out), "one, more", files+`; then we have written "more"`)
	exam.Equal(t, "what is in c.Err", content(t, errs), "two, more", files+`; then we have written "more"`)
}
