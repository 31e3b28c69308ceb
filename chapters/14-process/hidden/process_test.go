//go:build grade

package hidden

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	process "lockstep/chapters/14-process"
	"lockstep/grader/exam"
)

// background is what a call waits with that is not to be hurried. Who waits for its end, and goes on
// doing so, is a goroutine that is left.
var background = exam.Endless()

// exited is the status of a process that has ended by itself.
func exited(code int) process.Status { return process.Status{Code: code} }

// killed is the status of a process that a signal has ended.
func killed(signal syscall.Signal) process.Status { return process.Status{Code: -1, Signal: signal} }

// ends checks how a call of Run ends.
func (c *call) ends(want process.Status, wantErr error, when string) {
	c.stage.t.Helper()
	statuses, err := c.end(when)
	exam.Equal(c.stage.t, "status of "+c.what, statuses[0], want, when)
	exam.Error(c.stage.t, c.what, err, wantErr, when)
}

// TestStatus checks that StatusOf tells an exit status from a signal.
//
//grade:todo 14.2
//grade:points 2
func TestStatus(t *testing.T) {
	s := newStage(t)
	end := func(what string, end func(p *program)) *os.ProcessState {
		run, cmd := s.spawn(what)
		end(run.one(what))
		run.end(what)
		return cmd.ProcessState
	}
	for _, code := range []int{0, 1, 3, 127, 128 + 9, 128 + 15, 255} {
		what := fmt.Sprintf("the process has called exit(%d)", code)
		state := end(what, func(p *program) { p.exit(code) })
		exam.Equal(t, "StatusOf(state)", process.StatusOf(state), exited(code), what)
	}
	for _, signal := range append(otherSignals, syscall.SIGKILL, syscall.SIGTERM) { // nohup and the like make Go ignore others
		what := fmt.Sprintf("the process has got signal %d (%v)", int(signal), signal)
		state := end(what, func(p *program) {
			if slices.Contains(otherSignals, signal) {
				p.Do("default", fmt.Sprint(int(signal)))
			}
			if err := p.Signal(signal); err != nil {
				t.Fatalf("the signal could not be sent: %v", err)
			}
		})
		exam.Equal(t, "StatusOf(state)", process.StatusOf(state), killed(signal), what)
	}
}

// TestRunStatus checks that Run waits for the end of the process and says how it ended.
//
//grade:todo 14.3
//grade:points 1
func TestRunStatus(t *testing.T) {
	s := newStage(t)
	for _, code := range []int{0, 1, 3} {
		run := s.run(background, s.command("the process"))
		run.one("the process").exit(code)
		run.ends(exited(code), nil, fmt.Sprintf("the process has called exit(%d)", code))
	}
	run := s.run(background, s.command("the process"))
	run.one("the process").Signal(syscall.SIGKILL)
	run.ends(killed(syscall.SIGKILL), nil, "somebody else has killed the process with SIGKILL")
}

// TestRunCannotStart checks that Run says why a process cannot be started.
//
//grade:todo 14.3
//grade:points 1
func TestRunCannotStart(t *testing.T) {
	s := newStage(t)
	out, errs := process.NewOutput(100), newFile(t, "Err")
	cannot := func(c process.Command, want error, when string) {
		t.Helper()
		c.Out, c.Err = out, errs
		s.run(background, c).ends(process.Status{Code: -1}, want, when)
		stillOpen(t, "c.Out, an Output", out, when)
		stillOpen(t, "c.Err, a file", errs, when)
	}
	c := s.command("the process")
	c.Path = filepath.Join(t.TempDir(), "nothing")
	c.In = "some input"
	cannot(c, fs.ErrNotExist, "there is no file c.Path")
	c = s.command("the process")
	c.Dir = filepath.Join(t.TempDir(), "nothing")
	cannot(c, fs.ErrNotExist, "there is no directory c.Dir")
	c = s.command("the process")
	c.Path = filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(c.Path, []byte("exit 0"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.Dir = "/"
	ours := here(t)
	cannot(c, fs.ErrPermission, "c.Path is no program: nobody may execute it; c.Dir is /")
	exam.Equal(t, "our own directory", here(t), ours, "c.Dir was / in a call of Run before: that is for the process alone, which could not be started")
}

// TestRunArguments checks that the process gets its arguments as they are, and starts in its directory.
//
//grade:todo 14.3
//grade:points 1
//grade:needs TestRunStatus
func TestRunArguments(t *testing.T) {
	s := newStage(t)
	args := []string{"two words", "", "*", "$HOME", `"quoted" 'twice'`, "; exit 1", "-v", "line\nbreak"}
	c := s.command("the process", args...)
	c.Dir = t.TempDir()
	c.Args = append(make([]string, 0, 2*len(c.Args)), c.Args...) // with room for more, as append may leave it
	before, ours := fmt.Sprintf("%q", c.Args[:cap(c.Args)]), here(t)
	run, goOn := startNone(func() *call { return s.run(background, c) })
	exam.Equal(t, "our own directory", here(t), ours, "while Run starts the process: c.Dir is for the process alone, and others use ours at the same time")
	goOn()
	p := run.one("the process")
	exam.Equal(t, "arguments that the process has got", p.Do("args", ""), fmt.Sprintf("%q", args), "no shell may look at them")
	want, err := filepath.EvalSymlinks(c.Dir)
	if err != nil {
		t.Fatal(err)
	}
	exam.Equal(t, "directory of the process", p.Do("dir", ""), want, "that is c.Dir")
	p.exit(0)
	run.ends(exited(0), nil, "the process has called exit(0)")
	exam.Equal(t, "c.Args and the room behind them", fmt.Sprintf("%q", c.Args[:cap(c.Args)]), before,
		"Run has returned; c.Args are the caller's, and other calls of Run may use them at the same time")
}

// TestRunEnvironment checks that the process gets its own environment, and nothing of ours.
//
//grade:todo 14.3
//grade:points 2
//grade:needs TestRunStatus
func TestRunEnvironment(t *testing.T) {
	t.Setenv("LOCKSTEP_SECRET", "of the parent")
	s := newStage(t)
	for _, e := range []struct {
		env []string
		dir string
	}{
		{[]string{"A=1", "B=two words"}, ""},
		{[]string{"PWD=/nowhere", "A=1"}, "/"},
		{[]string{}, "/"},
		{nil, ""},
	} {
		c := s.command("the process")
		c.Dir = e.dir
		var before string
		if c.Env = e.env; len(e.env) > 0 {
			c.Env = append(make([]string, 0, 2*len(e.env)), e.env...) // with room for more, as append may leave it
			before = fmt.Sprintf("%q", c.Env[:cap(c.Env)])
		}
		run := s.run(background, c)
		p := run.one("the process")
		when := fmt.Sprintf("c.Env is %q, and c.Dir is %q; we have LOCKSTEP_SECRET in ours, and more", e.env, e.dir)
		exam.Equal(t, "environment of the process", p.Do("env", ""), strings.Join(e.env, " "), when)
		p.exit(0)
		run.ends(exited(0), nil, "the process has called exit(0)")
		if before != "" {
			exam.Equal(t, "c.Env and the room behind it", fmt.Sprintf("%q", c.Env[:cap(c.Env)]), before, "Run has returned; c.Env is the caller's")
		}
	}
}

// TestRunStreams checks that input, output and errors are connected, each with its own.
//
//grade:todo 14.3
//grade:points 1
//grade:needs TestRunStatus
func TestRunStreams(t *testing.T) {
	s := newStage(t)
	out, errs := newWitness(t, "Out"), newWitness(t, "Err")
	c := s.command("the process")
	c.In, c.Out, c.Err = "some input", out, errs
	run := s.run(background, c)
	p := run.one("the process")
	exam.Equal(t, "what the process reads until its input ends", p.Do("read", ""), "some input", `c.In is "some input"`)
	p.Do("print", "one, ")
	p.Do("complain", "two")
	p.Do("print", "three")
	p.exit(0)
	run.ends(exited(0), nil, "the process has called exit(0)")
	const when = `the process has printed "one, ", complained "two", printed "three"; Run has returned`
	exam.Equal(t, "Out", out.String(), "one, three", when)
	exam.Equal(t, "Err", errs.String(), "two", when)
	exam.Equal(t, "calls of Close of Out and Err", out.closed.Load()+errs.closed.Load(), 0, when+"; they are the caller's, who may use them again")

	ours, kept := replaceStreams(t), process.NewOutput(100)
	for _, to := range []struct {
		out, err io.Writer
		want     string // is kept since the first
		when     string
	}{
		{nil, nil, "", "c.Out and c.Err are nil"},
		{kept, nil, "one, ", "c.Out is an Output, and c.Err is nil"},
		{nil, kept, "one, two", "c.Out is nil, and c.Err is the Output that was c.Out before"},
	} {
		c := s.command("the process")
		c.Out, c.Err = to.out, to.err
		run := s.run(background, c)
		p := run.one("the process")
		exam.Equal(t, "what the process reads until its input ends", p.Do("read", ""), "", `c.In is "", and our own standard input is not`)
		p.Do("print", "one, ")
		p.Do("complain", "two")
		when := `the process has printed "one, " and complained "two"; ` + to.when
		if to.out == to.err {
			p.Do("flood", "")
			when += "; then it has printed a lot on both"
		}
		p.exit(0)
		run.ends(exited(0), nil, when)
		exam.Equal(t, "the Output", kept.String(), to.want, when)
		if ours() != "" {
			t.Fatalf("our own standard output and error have got %.20q: %s, and nil is nowhere", ours(), when)
		}
	}
}

// TestRunShowsOutputAtOnce checks that output arrives while the process runs, and that Run waits for more than the end of the output.
//
//grade:todo 14.3
//grade:points 2
//grade:needs TestRunStreams
func TestRunShowsOutputAtOnce(t *testing.T) {
	s := newStage(t)
	out, errs := newWitness(t, "Out"), newWitness(t, "Err")
	c := s.command("the process")
	c.Out, c.Err = out, errs
	run := s.run(background, c)
	p := run.one("the process")
	p.Do("print", "ready") // with no line break
	out.await("ready", `the process has printed "ready" and goes on running`)
	p.Do("complain", "but slow")
	errs.await("but slow", `the process has complained "but slow" and goes on running`)
	p.Do("close", "")
	s.meanwhile()
	if !p.Alive() {
		t.Fatalf("the process has closed its output, and was killed: it was to go on working")
	}
	p.exit(3)
	run.ends(exited(3), nil, "the process has closed its output, then worked a little, and then called exit(3)")
}

// TestRunDrains checks that a process may print any amount on either stream, and read any amount.
//
//grade:todo 14.3
//grade:points 2
//grade:needs TestRunStreams
func TestRunDrains(t *testing.T) {
	s := newStage(t)
	out, errs := newWitness(t, "Out"), newWitness(t, "Err")
	c := s.command("the process")
	c.Out, c.Err = out, errs
	run := s.run(background, c)
	p := run.one("the process")
	p.Do("flood", "")
	p.exit(0)
	run.ends(exited(0), nil, "the process has printed 300 kB on each of its streams, in turn")
	exam.Equal(t, "bytes in Out", len(out.String()), floodRounds*len(floodOut), "after that")
	exam.Equal(t, "bytes in Err", len(errs.String()), floodRounds*len(floodErr), "after that")
	exam.Equal(t, "most Writes of Out at the same time", out.inside.Most(), 1, "it is called by one goroutine at a time")

	out, errs = newWitness(t, "Out"), newWitness(t, "Err")
	c.In, c.Out, c.Err = anything, out, errs
	run = s.run(background, c)
	p = run.one("the process")
	p.Do("copy", "")
	p.exit(0)
	const copied = "the process copies 300 kB, with bytes of every kind, from its input to both of its streams"
	run.ends(exited(0), nil, copied)
	out.hasAnything(copied)
	errs.hasAnything(copied)

	out, errs = newWitness(t, "Out"), newWitness(t, "Err")
	out.hold, errs.hold = make(chan struct{}), make(chan struct{})
	c = s.command("the process")
	c.Out, c.Err = out, errs
	run = s.run(background, c)
	p = run.one("the process")
	for _, text := range []string{"first, ", "then ", "more"} {
		p.Do("print", text)
		p.Do("complain", text)
		out.await("first, ", "the process has printed it and goes on running")
		errs.await("first, ", "the process has printed it and goes on running")
	}
	p.exit(0)
	p.Ends("it has called exit(0)")
	s.untilReaped(p)
	run.stillWrites("the process has called exit(0)")
	close(out.hold)
	close(errs.hold)
	const left = "the process has printed three times on each of its streams and called exit(0), while the first Write of each took long"
	run.ends(exited(0), nil, left)
	exam.Equal(t, "Out", out.String(), "first, then more", left)
	exam.Equal(t, "Err", errs.String(), "first, then more", left)
}

// TestRunUnreadInput checks that a process need not read its input.
//
//grade:todo 14.3
//grade:points 1
//grade:needs TestRunStreams
func TestRunUnreadInput(t *testing.T) {
	s := newStage(t)
	c := s.command("the process")
	c.In = "first line\n" + strings.Repeat(floodOut, floodRounds)
	run := s.run(background, c)
	p := run.one("the process")
	p.Do("deaf", "")
	s.meanwhile()
	if !p.Alive() {
		t.Fatalf("the process has closed its input and was killed: it was to go on working")
	}
	p.exit(3)
	run.ends(exited(3), nil, "the process has closed its input, which is 300 kB, and then called exit(3)")

	run = s.run(background, c)
	p = run.one("the process")
	exam.Equal(t, "the line that the process reads", p.Do("line", ""), "first line\n", "that is the first line of c.In")
	p.exit(0)
	run.ends(exited(0), nil, "the process has read one line of its input, which is 300 kB, and then called exit(0)")
}

// TestRunOneWriter checks that one writer for both streams gets them in the order in which they were printed, one write at a time.
//
//grade:todo 14.3
//grade:points 1
//grade:needs TestRunStreams
func TestRunOneWriter(t *testing.T) {
	s := newStage(t)
	both := newWitness(t, "Out and Err")
	both.hold = make(chan struct{}) // what follows is there together when the first Write returns
	c := s.command("the process")
	c.Out, c.Err = both, both
	run := s.run(background, c)
	p := run.one("the process")
	p.Do("print", "1 ")
	both.await("1 ", `the process has printed "1 " and goes on running`)
	for _, text := range []string{"2 ", "4 ", "6 "} {
		p.Do("print", text)
		p.Do("complain", strings.Replace(text, text[:1], string(text[0]+1), 1))
	}
	p.exit(0)
	s.meanwhile()
	run.stillWrites("the process has called exit(0)")
	close(both.hold)
	const when = "Out and Err are the same; the process has printed 1 2 4 6 and complained 3 5 7, in order, while the first Write took long"
	run.ends(exited(0), nil, when)
	exam.Equal(t, "what was written", both.String(), "1 2 3 4 5 6 7 ", when)
	exam.Equal(t, "most Writes at the same time", both.inside.Most(), 1, when)
}
