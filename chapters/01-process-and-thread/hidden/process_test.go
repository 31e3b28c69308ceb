//go:build grade

package hidden

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"testing/iotest"

	thread "lockstep/chapters/01-process-and-thread"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// roleVar names the environment variable that makes of the test binary the child process.
const roleVar = "CHAPTER_THREAD"

// TestMain is the entry of two programs: of the tests, and of the child that counts.
func TestMain(m *testing.M) {
	if os.Getenv(roleVar) == "" {
		exam.Main(m)
	}
	if err := thread.ChildMain(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ChildMain:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// child starts this program once more, in a process of its own.
func child(ctx context.Context) (*thread.Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), roleVar+"=child")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &thread.Process{In: in, Out: out, Wait: cmd.Wait}, cmd.Start()
}

// puppet stands in for a child process. Nothing it does blocks: it works when it is
// asked for the first byte of its output.
type puppet struct {
	t       *testing.T
	main    func(in io.Reader, out io.Writer) error
	waiting func() error // what Wait does
	broken  broken
	asked   bytes.Buffer
	answer  bytes.Buffer
	closed  int
	worked  bool
	read    bool // to the end
	waited  int
}

func (p *puppet) start() (*thread.Process, error) {
	return &thread.Process{In: p, Out: p, Wait: p.wait}, nil
}

// broken are the errors of its ends of the pipes.
type broken struct{ write, close, read error }

func (p *puppet) Write(data []byte) (int, error) {
	if p.broken.write != nil {
		return 0, p.broken.write
	}
	return p.asked.Write(data)
}

func (p *puppet) Close() error {
	p.closed++
	return p.broken.close
}

func (p *puppet) Read(data []byte) (int, error) {
	if p.closed == 0 {
		p.t.Errorf("CountInChild reads Out and has not closed In: a child that reads In to its end would wait for ever")
	}
	if p.broken.read != nil {
		p.read = true // there is no more to read
		return 0, p.broken.read
	}
	if !p.worked {
		p.worked = true
		p.main(&p.asked, &p.answer)
	}
	n, err := p.answer.Read(data)
	p.read = p.read || err == io.EOF
	return n, err
}

func (p *puppet) wait() error {
	p.waited++
	if !p.read {
		p.t.Errorf("CountInChild calls Wait and has not read Out to its end: what the child still says is lost")
	}
	if p.waiting == nil {
		return nil
	}
	return p.waiting()
}

// ended checks that the child was treated as it should be.
func (p *puppet) ended(when string) {
	p.t.Helper()
	exam.Equal(p.t, "calls of In.Close", p.closed, 1, when)
	exam.Equal(p.t, "calls of Wait", p.waited, 1, when)
}

// full is what nothing can be written to.
type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }

func silent(io.Reader, io.Writer) error { return nil }

// TestChildIsWaitedFor checks that CountInChild closes In, reads Out and waits, and hinders nobody meanwhile.
//
//grade:todo 1.4
//grade:points 2
//grade:needs TestCounter
func TestChildIsWaitedFor(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var c thread.Counter
		c.Add(5)
		p := &puppet{t: t, main: thread.ChildMain}
		p.waiting = func() error {
			c.Add(100) // what others do meanwhile
			exam.Equal(t, "Value()", c.Value(), 105, "it was 5, others added 100, and the child is still being waited for")
			return nil
		}
		const when = "CountInChild(c, 12, start), where c is 5 and others add 100 meanwhile"
		exam.Error(t, "CountInChild(c, 12, start)", thread.CountInChild(&c, 12, p.start), nil, "the child has counted")
		p.ended("in " + when)
		exam.Equal(t, "Value()", c.Value(), 117, "after "+when)
	})
}

// TestChildFails checks that CountInChild returns an error and changes nothing when the child cannot or does not count.
//
//grade:todo 1.4
//grade:points 1
//grade:needs TestCounter
func TestChildFails(t *testing.T) {
	errStart, errKilled := errors.New("too many processes"), errors.New("signal: killed")
	killed := func() error { return errKilled }
	interleave.Explore(t, func(t *testing.T) {
		var c thread.Counter
		c.Add(5)
		unchanged := func(when string) {
			t.Helper()
			exam.Equal(t, "Value()", c.Value(), 5, "it was 5 before CountInChild, and "+when)
		}
		const call = "CountInChild(c, 12, start)"
		err := thread.CountInChild(&c, 12, func() (*thread.Process, error) { return nil, errStart })
		exam.Error(t, call, err, errStart, "start fails")
		unchanged("start fails")

		for _, main := range []func(io.Reader, io.Writer) error{silent, thread.ChildMain} {
			p := &puppet{t: t, main: main, waiting: killed}
			exam.Error(t, call, thread.CountInChild(&c, 12, p.start), errKilled, "Wait returns that error")
			p.ended("Wait returns an error")
			unchanged("Wait returns an error")
		}

		p := &puppet{t: t, main: silent}
		if thread.CountInChild(&c, 12, p.start) == nil {
			t.Errorf("%s = nil, want an error: the child ended well but said nothing", call)
		}
		p.ended("the child says nothing")
		unchanged("the child says nothing")

		errPipe := errors.New("input/output error")
		for _, mishap := range []struct {
			when   string
			broken broken
		}{
			{"writing to In fails, and the child says nothing", broken{write: errPipe}},
			{"closing In fails, and the child says nothing", broken{close: errPipe}},
			{"reading Out fails", broken{read: errPipe}},
		} {
			p := &puppet{t: t, main: silent, broken: mishap.broken}
			if thread.CountInChild(&c, 12, p.start) == nil {
				t.Errorf("%s = nil, want an error: %s", call, mishap.when)
			}
			p.ended(mishap.when)
			unchanged(mishap.when)
		}
	})

	interleave.Explore(t, func(t *testing.T) {
		errIn, errOut := errors.New("bad file descriptor"), errors.New("no space left on device")
		var out bytes.Buffer
		exam.Error(t, "ChildMain(in, out)", thread.ChildMain(iotest.ErrReader(errIn), &out), errIn, "reading in fails with that error")
		exam.Equal(t, "what ChildMain(in, out) wrote", out.String(), "", "reading in fails")
		var c thread.Counter
		p := &puppet{t: t, main: func(in io.Reader, _ io.Writer) error {
			err := thread.ChildMain(in, full{errOut})
			exam.Error(t, "ChildMain(in, out)", err, errOut, "writing to out fails with that error")
			return err
		}}
		thread.CountInChild(&c, 12, p.start)

		out.Reset()
		if thread.ChildMain(&bytes.Buffer{}, &out) == nil {
			t.Errorf("ChildMain(in, out) = nil, want an error: in is empty")
		}
		exam.Equal(t, "what ChildMain(in, out) wrote", out.String(), "", "in is empty")
	})
}

// TestChildCounts checks that what a real child process has counted is added in the parent.
//
//grade:todo 1.4
//grade:points 3
//grade:needs TestChildIsWaitedFor
func TestChildCounts(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), exam.Patience) // passes only if the child hangs
	defer cancel()
	start := func() (*thread.Process, error) { return child(ctx) }
	var c thread.Counter
	c.Add(5)
	want := 5
	for _, times := range []int{0, 3, 1000} {
		call := fmt.Sprintf("CountInChild(c, %d, start)", times)
		when := fmt.Sprintf("c was %d before, and start starts a real process", want)
		want += times
		exam.Error(t, call, thread.CountInChild(&c, times, start), nil, when)
		exam.Equal(t, "Value()", c.Value(), want, "after "+call+"; "+when)
	}
}
