//go:build grade

package hidden

import (
	"fmt"
	"runtime"
	"sync"
	"syscall"
	"testing"

	child "lockstep/chapters/15-process-syntax"
	"lockstep/grader/exam"
	"lockstep/grader/exam/puppet"
)

// TestDaemon checks that a daemon is a process like any other as long as its parent lives.
//
//grade:todo 15.5
//grade:points 2
//grade:needs TestJoin TestExitCode TestTerminate TestStrangers
func TestDaemon(t *testing.T) {
	s := newStage(t)
	_, err := functions.StartDaemon("nobody")
	exam.Error(t, `StartDaemon("nobody")`, err, child.ErrUnknown, "no function has that name")

	p, daemon := s.daemon("the daemon")
	q, other := s.daemon("the other daemon")
	r, sibling := s.start("the sibling")
	sibling.Tell("return", "1")
	s.joins(r, "1", `the function has returned "1"`)
	stranger := s.stranger(other, "the stranger")
	other.Tell("exit", "7")
	s.fails(q, "", 7, "the function has started a process by package exec, and called os.Exit(7)")
	stranger.Tell("return", "")
	stranger.Ends("it was told to return")
	for range 3 {
		runtime.GC() // which closes files that nobody can reach any more
	}
	s.stays(daemon, "its parent is running; only its siblings have ended")
	s.status(p, true, 0, "the daemon is running")
	daemon.Tell("return", "144")
	s.joins(p, "144", `the daemon's function has returned "144"`)

	p, _ = s.daemon("the daemon")
	exam.Error(t, "Kill()", p.Kill(), nil, "the daemon is running")
	s.fails(p, "", -9, "Kill has been called")
}

// TestDaemonSurroundings checks that a daemon has the arguments and the surroundings of any child.
//
//grade:todo 15.5
//grade:points 1
//grade:needs TestDaemon TestSurroundings
func TestDaemonSurroundings(t *testing.T) {
	s := newStage(t)
	s.arguments(daemonic)
	s.surroundings(daemonic)
}

// TestDaemonLeavesNoFile checks that nothing is open any more when daemons have ended, or could not be started.
//
//grade:todo 15.5
//grade:points 1
//grade:needs TestDaemon TestLeavesNoFile
func TestDaemonLeavesNoFile(t *testing.T) {
	newStage(t).leavesNoFile(daemonic)
}

// TestDaemonOutlivesThreads checks that a daemon goes on when the thread ends that has started it.
//
//grade:todo 15.5
//grade:points 1
//grade:needs TestDaemon
func TestDaemonOutlivesThreads(t *testing.T) {
	s := newStage(t)
	// A thread ends with a goroutine that has it for its own. The first of a process does
	// not, but only one goroutine can have that.
	var daemons [2]*child.Process
	var errs [2]error
	var locked, started, all sync.WaitGroup
	over := make(chan struct{})
	locked.Add(len(daemons)) // before anybody waits
	for i, name := range []string{"the daemon", "the other daemon"} {
		started.Add(1)
		all.Go(func() {
			runtime.LockOSThread()
			locked.Done()
			locked.Wait()
			daemons[i], errs[i] = functions.StartDaemon("puppet", s.Path(), name)
			started.Done()
			<-over
		})
	}
	exam.Within(t, "StartDaemon(...)", started.Wait)
	for _, err := range errs {
		exam.Error(t, "StartDaemon(...)", err, nil, "two goroutines call it at the same time")
	}
	if t.Failed() {
		close(over)
		return
	}
	daemon, other := s.enter("the daemon"), s.enter("the other daemon")
	close(over)
	all.Wait()
	for i, one := range []*puppet.Puppet{daemon, other} {
		s.stays(one, "its parent is running; only the thread has ended whose goroutine has called StartDaemon")
		s.status(daemons[i], true, 0, "the daemon is running")
		one.Tell("return", "144")
		s.joins(daemons[i], "144", `the daemon's function has returned "144"`)
	}
}

// TestDaemonEndsWithParent checks that a daemon ends when its parent has ended, in whatever way.
//
//grade:todo 15.5
//grade:points 3
//grade:needs TestDaemon
func TestDaemonEndsWithParent(t *testing.T) {
	s := newStage(t)
	for _, c := range []struct {
		how string
		end func(p *child.Process, parent *puppet.Puppet)
	}{
		{"its parent was killed by SIGKILL", func(p *child.Process, _ *puppet.Puppet) { p.Kill() }},
		{"its parent was ended by SIGTERM", func(_ *child.Process, parent *puppet.Puppet) { parent.Signal(syscall.SIGTERM) }},
		{"its parent has called os.Exit(7)", func(_ *child.Process, parent *puppet.Puppet) { parent.Tell("exit", "7") }},
		{"its parent's function has returned", func(_ *child.Process, parent *puppet.Puppet) { parent.Tell("return", "") }},
	} {
		p, parent := s.start("the parent")
		parent.Do("start daemon", "the daemon")
		daemon := s.enter("the daemon")
		daemon.Do("ignore", "") // no signal that can be ignored is enough
		c.end(p, parent)
		exam.Within(t, "Join(ctx), "+c.how, func() { p.Join(background) })
		daemon.Ends(c.how)
	}

	// The daemon has another parent then, which need not be number 1.
	p, grandparent := s.start("the grandparent")
	grandparent.Do("adopt", "")
	grandparent.Do("start", "the parent")
	parent := s.enter("the parent")
	parent.Do("start daemon", "the daemon")
	daemon := s.enter("the daemon")
	daemon.Do("ignore", "")
	parent.Signal(syscall.SIGKILL)
	grandparent.Do("join", "the parent")
	daemon.Ends(fmt.Sprintf("its parent was killed by SIGKILL; the system has given it to its grandparent, process %d, which takes in orphans", grandparent.Pid))
	grandparent.Tell("return", "")
	s.joins(p, "", `the grandparent's function has returned ""`)
}

// TestDaemonComesUpTooLate checks that a daemon ends whose parent has ended before the daemon has come to Main, and that no child goes on in main then.
//
//grade:todo 15.5
//grade:points 1
//grade:needs TestDaemonEndsWithParent TestSurroundings
func TestDaemonComesUpTooLate(t *testing.T) {
	s := newStage(t)
	for _, c := range []struct{ verb, name string }{{"start daemon", "the daemon"}, {"start echo", ""}} {
		p, parent := s.start("the parent")
		parent.Do("hold", "a process that has not called Main yet")
		parent.Tell(c.verb, c.name) // which may wait for Main
		late := s.enter("a process that has not called Main yet")
		s.meanwhile() // the parent may tell it what to do
		p.Kill()
		s.fails(p, "", -9, "Kill has been called")
		late.Tell("call Main", "")
		late.Ends("its parent was killed before it has called Main, and it is a daemon, or has a function that returns at once")
		s.meanwhile() // who has come before has been seen then
		s.lost()
	}
}

// TestOnlyDaemonsEnd checks that a daemon ends whatever its siblings do, which go on.
//
//grade:todo 15.5
//grade:points 2
//grade:needs TestDaemonEndsWithParent
func TestOnlyDaemonsEnd(t *testing.T) {
	s := newStage(t)
	p, parent := s.start("the parent")
	parent.Do("start daemon", "the first daemon")
	parent.Do("start", "the brother")
	stranger := s.stranger(parent, "the stranger")
	parent.Do("start daemon", "the last daemon")
	first, brother, last := s.enter("the first daemon"), s.enter("the brother"), s.enter("the last daemon")
	own := s.stranger(brother, "the brother's own")
	p.Kill()
	const when = "its parent was killed; other children of the parent go on running"
	s.fails(p, "", -9, "Kill has been called")
	first.Ends(when)
	last.Ends(when)
	for _, one := range []*puppet.Puppet{brother, stranger, own} {
		s.stays(one, "its parent was killed, but it is no daemon")
		one.Tell("return", "")
		one.Ends("it was told to return")
	}
}

// TestDaemonOfADaemon checks that daemons of daemons end one after the other.
//
//grade:todo 15.5
//grade:points 1
//grade:needs TestDaemonEndsWithParent
func TestDaemonOfADaemon(t *testing.T) {
	s := newStage(t)
	p, parent := s.start("the parent")
	parent.Do("start daemon", "the daemon")
	daemon := s.enter("the daemon")
	daemon.Do("start daemon", "the daemon's daemon")
	second := s.enter("the daemon's daemon")
	p.Kill()
	s.fails(p, "", -9, "Kill has been called")
	daemon.Ends("its parent was killed")
	second.Ends("the parent of its parent was killed, and so its parent has ended")
}
