//go:build grade

package hidden

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	process "lockstep/chapters/14-process"
	"lockstep/grader/exam"
	"lockstep/grader/exam/puppet"
)

// endAll checks how a call of Pipe ends.
func (c *call) endAll(want []process.Status, wantErr error, when string) {
	c.stage.t.Helper()
	statuses, err := c.end(when)
	exam.Equal(c.stage.t, "statuses of "+c.what, fmt.Sprintf("%+v", statuses), fmt.Sprintf("%+v", want), when)
	exam.Error(c.stage.t, c.what, err, wantErr, when)
}

// TestPipeConnects checks that each command reads what the one before prints, and that the statuses come in order.
//
//grade:todo 14.5
//grade:points 2
//grade:needs TestRunStreams TestRunShowsOutputAtOnce TestRunDrains TestRunUnreadInput TestRunKillsTheGroup
func TestPipeConnects(t *testing.T) {
	s := newStage(t)
	out, not, errs := newWitness(t, "Out"), newWitness(t, "Out"), newWitness(t, "Err")
	a, b, c := s.command("the first"), s.command("the second"), s.command("the third")
	a.In, b.In, c.In = "input", "not this", "nor this"
	a.Out, c.Out = not, out
	b.Out, b.Err = errs, errs // but Out counts for the last only
	commands := []process.Command{a, b, c}
	before := slices.Clone(commands)
	run := s.pipe(background, commands...)
	all := run.enter("the first", "the second", "the third")
	first, second, third := all[0], all[1], all[2]
	exam.Equal(t, "what the first one reads", first.Do("read", ""), "input", "that is its In")
	first.Do("print", "one line\nand more")
	exam.Equal(t, "the line that the second one reads", second.Do("line", ""), "one line\n", "the first one has printed that, and goes on running")
	third.Do("print", "at once")
	out.await("at once", "the third one has printed that, and all go on running")
	first.exit(1)
	exam.Equal(t, "what the second one reads then", second.Do("read", ""), "and more", "the first one has printed that and called exit(1): the input of the second ends")
	second.Do("complain", "no")
	second.Do("print", "so")
	second.Do("close", "")
	exam.Equal(t, "what the third one reads", third.Do("read", ""), "so", "the second one has printed that and closed its output: the input of the third ends")
	third.exit(0)
	second.exit(2)
	run.endAll([]process.Status{exited(1), exited(2), exited(0)}, nil, "the first one has called exit(1), then the third exit(0), then the second exit(2)")
	exam.Equal(t, "Out of the third one", out.String(), "at once", "that is what it has printed")
	exam.Equal(t, "Out of the first one", not.String(), "", "its output goes to the next one")
	exam.Equal(t, "Err of the second one", errs.String(), "no", "that is what it has complained; Out is the same, but its output goes to the next one")
	if !reflect.DeepEqual(commands, before) {
		t.Errorf("Pipe(ctx, commands...) has changed commands[i]: they are the caller's, who may use them again")
	}
}

// TestPipeOfOne checks that a pipe of one command is Run, a pipe of none is nothing, and each of two has what Run would give it.
//
//grade:todo 14.5
//grade:points 1
//grade:needs TestPipeConnects TestRunTooLate TestRunArguments TestRunEnvironment TestRunOneWriter
func TestPipeOfOne(t *testing.T) {
	s := newStage(t)
	out := newWitness(t, "Out")
	c := s.command("the process")
	c.In, c.Out = "input", out
	run := s.pipe(background, c)
	p := run.one("the process")
	p.Do("copy", "")
	p.exit(3)
	run.endAll([]process.Status{exited(3)}, nil, "there is one command, which has copied its input to its output and called exit(3)")
	exam.Equal(t, "Out", out.String(), "input", "that is c.In")
	s.pipe(background).endAll(nil, nil, "there are no commands")
	one := func(ctx context.Context, c process.Command) *call { return s.pipe(ctx, c) }
	s.late(one).endAll([]process.Status{exited(3)}, nil, tooLate)

	a, b := s.command("the first", "a"), s.command("the second", "b", "c")
	errs, both := newWitness(t, "Err"), newWitness(t, "Out and Err")
	a.Env, a.Err = []string{"A=1"}, errs
	b.Dir, b.Out, b.Err = "/", both, both
	ours, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	run = s.pipe(background, a, b)
	for i, p := range run.enter("the first", "the second") {
		has := [][]string{{`["a"]`, "A=1", ours}, {`["b" "c"]`, "", "/"}}[i]
		exam.Equal(t, "arguments of "+p.Name, p.Do("args", ""), has[0], "each has its own")
		exam.Equal(t, "environment of "+p.Name, p.Do("env", ""), has[1], "each has its own")
		exam.Equal(t, "directory of "+p.Name, p.Do("dir", ""), has[2], "each has its own")
		p.Do("complain", "1 ")
		p.Do("print", "2 ")
		p.Do("complain", "3")
		p.exit(i)
	}
	run.endAll([]process.Status{exited(0), exited(1)}, nil, "they have called exit(0) and exit(1)")
	exam.Equal(t, "Err of the first one", errs.String(), "1 3", "it has complained that, and its output goes to the next one")
	exam.Equal(t, "Out and Err of the second one", both.String(), "1 2 3", "they are the same, and it has complained 1, printed 2 and complained 3")
}

// TestPipeCarriesMuch checks that any amount goes through, and that none of it waits for the end of a command.
//
//grade:todo 14.5
//grade:points 1
//grade:needs TestPipeConnects
func TestPipeCarriesMuch(t *testing.T) {
	s := newStage(t)
	out := newWitness(t, "Out")
	a, b, c := s.command("the first"), s.command("the second"), s.command("the third")
	a.In, c.Out = anything, out
	run := s.pipe(background, a, b, c)
	all := run.enter("the first", "the second", "the third")
	all[2].Tell("copy", "")
	all[1].Tell("copy", "")
	all[0].Do("copy", "")
	all[0].exit(0)
	all[1].exit(0) // when it has copied all
	all[2].exit(0)
	const when = "three commands copy 300 kB, with bytes of every kind, from one to the next"
	run.endAll([]process.Status{exited(0), exited(0), exited(0)}, nil, when)
	out.hasAnything(when)
}

// TestPipeEndsEarly checks that a command whose reader has ended gets SIGPIPE if it prints more, and nothing if it does not.
//
//grade:todo 14.5
//grade:points 2
//grade:needs TestPipeConnects
func TestPipeEndsEarly(t *testing.T) {
	s := newStage(t)
	run := s.pipe(background, s.command("the first"), s.command("the second"), s.command("the third"))
	all := run.enter("the first", "the second", "the third")
	all[0].Tell("flood for ever", "")
	all[1].Do("line", "")
	all[1].exit(0)
	exam.Equal(t, "what the third one reads", all[2].Do("read", ""), "", "the second one has ended and printed nothing")
	all[2].exit(5)
	const flood = "the first one prints for ever; the second has read one line and called exit(0); the third has called exit(5)"
	run.endAll([]process.Status{killed(syscall.SIGPIPE), exited(0), exited(5)}, nil, flood)

	run = s.pipe(background, s.command("the first"), s.command("the second"))
	all = run.enter("the first", "the second")
	all[1].exit(0)
	s.meanwhile()
	if !all[0].Alive() {
		t.Fatalf("the first command was ended when the second one did: it was to go on working, for it prints nothing")
	}
	all[0].exit(4)
	run.endAll([]process.Status{exited(4), exited(0)}, nil, "the second one has called exit(0), and the first, which has printed nothing, exit(4) later")

	// Not even the first that it prints may still find somebody. On a busy machine the call may
	// have had no time to let go of its own ends, which proves nothing: then there is another try.
	for try := 1; ; try++ {
		run = s.pipe(background, s.command("the first"), s.command("the second"))
		all = run.enter("the first", "the second")
		all[1].Do("deaf", "")
		s.meanwhile()
		all[0].Tell("print", "text")
		all[0].exit(4)
		all[0].Ends("it has called exit(4), if SIGPIPE has not ended it before")
		all[1].exit(0)
		const deaf = "the second one has closed its input, so nobody reads what the first prints; then that has printed once and called exit(4), and then the second exit(0)"
		statuses, _ := run.end(deaf)
		if try == 10 || len(statuses) != 2 || statuses[0] != exited(4) {
			run.endAll([]process.Status{killed(syscall.SIGPIPE), exited(0)}, nil, deaf)
			return
		}
	}
}

// startOne makes a call that starts processes, and lets it start one. The next must wait until
// goOn has been called.
func startOne(begin func() *call) (run *call, goOn func()) {
	run, goOn = startNone(begin)
	lock := &syscall.ForkLock
	there := make(chan struct{})
	go func() {
		lock.RLock() // behind the start that waits, and before any other
		close(there)
	}()
	for !waits("startOne", "sync.RWMutex.RLock") && !closed(there) {
		runtime.Gosched()
	}
	goOn()
	<-there
	return run, lock.RUnlock
}

// waits reports whether a goroutine that the function has started waits for that.
func waits(function, what string) bool {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for g := range strings.SplitSeq(string(stacks), "\n\n") {
		head, calls, _ := strings.Cut(g, "\n")
		if strings.Contains(head, "["+what) && strings.Contains(calls, "."+function+".func") {
			return true
		}
	}
	return false
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// TestPipeCannotStart checks that when one command cannot be started the others are killed.
//
//grade:todo 14.5
//grade:points 2
//grade:needs TestPipeConnects TestRunCannotStart
func TestPipeCannotStart(t *testing.T) {
	s := newStage(t)
	nothing := filepath.Join(t.TempDir(), "nothing")
	out := process.NewOutput(100)
	begin := func(missing int, errs ...*witness) *call {
		var commands []process.Command
		for i := range 3 {
			c := s.command(fmt.Sprintf("number %d", i+1))
			c.In, c.Out = strings.Repeat(floodOut, floodRounds), out
			if len(errs) > 0 {
				c.Err = errs[i]
			}
			if i == missing {
				c.Path = nothing
			}
			commands = append(commands, c)
		}
		return s.pipe(background, commands...)
	}
	end := func(run *call, when string) {
		t.Helper()
		run.endAll(nil, fs.ErrNotExist, when)
		if left := puppet.Leftover(); left != "" {
			t.Fatalf("%s; Pipe has returned, and %s", when, left)
		}
		stillOpen(t, "each Out, an Output", out, when)
	}
	for _, missing := range []int{0, 1, 2} {
		end(begin(missing), fmt.Sprintf("there is no program for command number %d of 3", missing+1))
	}
	if runtime.GOOS == "linux" { // elsewhere a puppet cannot come while nothing may be started
		s.startedIsKilled(func(errs ...*witness) *call { return begin(1, errs...) }, end)
	}
	ended, cancel := context.WithCancel(background)
	cancel()
	c := s.command("the process")
	c.Path = nothing
	s.pipe(ended, c, c).endAll(nil, context.Canceled, "ctx has ended before; c.Path does not exist, but Pipe should not even try")
}

// startedIsKilled checks what becomes of a command that has been started, and of its child, when
// another cannot be.
func (s *stage) startedIsKilled(begin func(errs ...*witness) *call, end func(run *call, when string)) {
	s.t.Helper()
	var all []*witness
	for range 3 {
		w := newWitness(s.t, "Err")
		w.hold = make(chan struct{})
		all = append(all, w)
	}
	release := func() {
		for _, w := range all {
			close(w.hold)
		}
	}
	const when = "there is no program for command number 2 of 3; the one that has been started catches SIGTERM, Grace is an hour, and SIGKILL was to come at once"
	run, goOn := startOne(func() *call { return begin(all...) })
	p, err := s.Wait(run.returned, "number 1", "number 3")
	if err != nil { // then there is nobody to kill
		goOn()
		release()
		end(run, when)
		return
	}
	p.Ask("catch", "")
	_, complained := p.Ask("complain", "text")
	var child *program
	if _, ok := p.Ask("fork", "the started one's child"); ok {
		if its, err := s.Wait(run.returned, "the started one's child"); err == nil {
			child = &program{its, s.t}
			child.Ask("close", "") // so it keeps nobody waiting, and is forgotten the more easily
			child.Ask("deaf", "")
		}
	}
	goOn()
	caught := p.Caught()
	if complained && !caught {
		s.untilReaped(&program{p, s.t})
		run.stillWrites("it could not start all commands; the one that it had started has complained, and was killed")
	}
	release()
	end(run, when)
	if complained {
		exam.Equal(s.t, "what has been written to Err", all[0].String()+all[2].String(), "text", p.Name+" has complained that, and Pipe has returned; "+when)
	}
	if caught {
		s.t.Errorf("%s has got SIGTERM: %s", p.Name, when)
	}
	if child != nil {
		child.gone(when + ", also to its child")
	}
}

// TestPipeLeavesNoFile checks that Pipe closes every file that it has opened, and no other.
//
//grade:todo 14.5
//grade:points 1
//grade:needs TestPipeCannotStart TestPipeEndsEarly
func TestPipeLeavesNoFile(t *testing.T) {
	s := newStage(t)
	commands := func(missing int) []process.Command {
		var all []process.Command
		for i := range 3 {
			c := s.lost()
			c.In, c.Out, c.Err = "some input", newWitness(t, "Out"), newWitness(t, "Err")
			if i == missing {
				c.Path = filepath.Join(t.TempDir(), "nothing")
			}
			all = append(all, c)
		}
		return all
	}
	round := func() {
		s.pipe(background, commands(-1)...).endAll([]process.Status{exited(1), exited(1), exited(1)}, nil, "each of three commands calls exit(1)")
		for i := range 3 {
			s.pipe(background, commands(i)...).endAll(nil, fs.ErrNotExist, fmt.Sprintf("there is no program for command number %d of 3", i+1))
		}
	}
	defer puppet.KeepForgottenFiles()()
	round() // opens what the runtime itself keeps
	before := puppet.OpenFiles()
	round()
	exam.Equal(t, "open files", puppet.OpenFiles(), before, "there were so many before four calls of Pipe with three commands each, of which three could not start all")

	run, when := s.lackFiles(func() *call { return s.pipe(background, commands(-1)...) })
	run.endAll([]process.Status{exited(1), exited(1), exited(1)}, nil, "each of three commands calls exit(1); "+when)

	all := commands(-1)[:2]
	var files []*os.File
	for i := range all {
		out, errs := newFile(t, "Out"), newFile(t, "Err")
		all[i].Out, all[i].Err = out, errs
		files = append(files, out, errs)
	}
	s.pipe(background, all...).endAll([]process.Status{exited(1), exited(1)}, nil, "each of two commands calls exit(1), and each Out and Err is a file")
	for i, f := range files {
		stillOpen(t, []string{"Out", "Err"}[i%2]+fmt.Sprintf(" of command number %d of 2", i/2+1), f, "each Out and Err is a file; Pipe has returned")
	}
}

// TestPipeLeavesNobody checks that what a command leaves behind is killed when that command has ended, and the next one sees the end of its input.
//
//grade:todo 14.5
//grade:points 1
//grade:needs TestPipeConnects TestPipeEndsEarly TestRunLeavesNobody
func TestPipeLeavesNobody(t *testing.T) {
	s := newStage(t)
	run := s.pipe(background, s.command("the first"), s.command("the second"), s.command("the third"))
	all := run.enter("the first", "the second", "the third")
	grandchild := all[1].fork(run, "the second one's child")
	grandchild.Do("print", "text")
	all[1].exit(1)
	const when = "the second one has called exit(1); its child holds its output, and has printed that; the first goes on running"
	exam.Equal(t, "what the third one reads", all[2].Do("read", ""), "text", when)
	grandchild.gone(when)
	all[2].exit(2)
	all[0].exit(0)
	run.endAll([]process.Status{exited(0), exited(1), exited(2)}, nil, "they have called exit(0), exit(1) and exit(2)")
}

// TestPipeIsStopped checks that all that still run are ended with the context, each in its own way and with all of its group.
//
//grade:todo 14.5
//grade:points 2
//grade:needs TestPipeConnects TestPipeEndsEarly TestRunAsksFirst TestRunInsists TestRunLeavesNobody
func TestPipeIsStopped(t *testing.T) {
	s := newStage(t)
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	var commands []process.Command
	names := []string{"the first", "the second", "the third", "the fourth", "the fifth", "the sixth"}
	for _, name := range names {
		commands = append(commands, s.command(name))
	}
	commands[2].Grace = 10 * time.Millisecond
	commands[3].Grace = 0
	run := s.pipe(ctx, commands...)
	all := run.enter(names...)
	first, second, third, fifth, sixth := all[0], all[1], all[2], all[4], all[5]
	grandchild := third.fork(run, "the third one's child")
	for _, ending := range []*program{first, sixth} {
		left := ending.fork(run, ending.Name+" one's child")
		ending.exit(6)
		left.Ends(ending.Name + " one, which has started it, has called exit(6)") // so that is known
	}
	exam.Equal(t, "what the second one reads", second.Do("read", ""), "", "the first one has called exit(6)")
	second.Do("catch", "")
	third.Do("ignore", "")
	grandchild.Do("ignore", "")
	all[3].Do("ignore", "")
	fifth.Do("catch", "")
	cancel()
	fifth.caught()
	second.caught()
	second.exit(7)
	fifth.exit(8)
	const when = "the first one and the last have called exit(6) before ctx ended; the second and the fifth catch SIGTERM and have called exit(7) and exit(8); " +
		"the third and its child ignore it, with a Grace of 10ms; the fourth ignores it and has no Grace"
	run.endAll([]process.Status{exited(6), exited(7), killed(syscall.SIGKILL), killed(syscall.SIGKILL), exited(8), exited(6)}, context.Canceled, when)
	grandchild.gone(when)
}
