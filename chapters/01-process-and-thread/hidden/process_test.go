//go:build grade

package hidden

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
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
	waiting func() error                // what Wait does
	pieces  func(r io.Reader) io.Reader // how its pipes deliver what was written to them
	broken  broken
	asked   bytes.Buffer
	answer  bytes.Buffer
	out     io.Reader // of the answer
	heard   bool      // there is an answer that makes sense
	closed  int
	worked  bool
	read    bool // to the end
	waited  int
}

func (p *puppet) start() (*thread.Process, error) {
	return &thread.Process{In: p, Out: p, Wait: p.wait}, nil
}

// broken are the errors of its ends of the pipes; end is what comes after the whole answer.
type broken struct{ write, close, read, end error }

// fewBytes is far more than the few bytes that the two say to each other.
const fewBytes = 1000

func (p *puppet) Write(data []byte) (int, error) {
	if p.broken.write != nil {
		return 0, p.broken.write
	}
	if p.asked.Len()+len(data) > fewBytes {
		p.t.Errorf("CountInChild writes more than %d bytes to In, want a few, whatever times is", fewBytes)
		return 0, errors.New("no room")
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
		pieces := p.pieces
		if pieces == nil {
			pieces = func(r io.Reader) io.Reader { return r }
		}
		said := p.main(pieces(&p.asked), &p.answer)
		p.heard = said == nil && p.answer.Len() > 0
		p.out = pieces(&p.answer)
	}
	n, err := p.out.Read(data)
	if err == io.EOF {
		p.read = true
		if p.broken.end != nil {
			err = p.broken.end
		}
	}
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

// nonsense is no text, and no number in any form that has room for all of them.
const nonsense = "\xff"

func confused(_ io.Reader, out io.Writer) error {
	io.WriteString(out, nonsense)
	return errors.New("confused")
}

// endless is a child that says more nonsense, so many bytes, than anybody needs to see that it is none.
func endless(n int) func(io.Reader, io.Writer) error {
	return func(_ io.Reader, out io.Writer) error {
		io.WriteString(out, strings.Repeat(nonsense, n))
		return errors.New("confused")
	}
}

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
	interleave.Explore(t, func(t *testing.T) {
		var c thread.Counter
		c.Add(5)
		p := &puppet{t: t, main: thread.ChildMain}
		exam.Together(
			func() {
				exam.Error(t, "CountInChild(c, 3, start)", thread.CountInChild(&c, 3, p.start), nil, "the child has counted")
			},
			func() { c.Add(100) },
		)
		exam.Equal(t, "Value()", c.Value(), 108, "it was 5, CountInChild(c, 3, start) has returned, and so has another goroutine's Add(100), which may have come at any moment")
	})
	for _, shape := range []struct {
		when   string
		pieces func(io.Reader) io.Reader
	}{
		{"a byte of In or Out comes at a time", iotest.OneByteReader},
		{"io.EOF comes with the last bytes of In and Out", iotest.DataErrReader},
	} {
		var c thread.Counter
		p := &puppet{t: t, main: thread.ChildMain, pieces: shape.pieces}
		exam.Error(t, "CountInChild(c, 1000, start)", thread.CountInChild(&c, 1000, p.start), nil, shape.when)
		p.ended(shape.when)
		exam.Equal(t, "Value()", c.Value(), 1000, "after CountInChild(c, 1000, start), where "+shape.when)
	}
}

// TestChildFails checks that CountInChild returns an error and changes nothing when the child cannot or does not count.
//
//grade:todo 1.4
//grade:points 1
//grade:needs TestCounter
func TestChildFails(t *testing.T) {
	errStart, errKilled := errors.New("too many processes"), errors.New("signal: killed")
	interleave.Explore(t, func(t *testing.T) {
		var c thread.Counter
		c.Add(5)
		unchanged := func(when string) {
			t.Helper()
			exam.Equal(t, "Value()", c.Value(), 5, "it was 5 before CountInChild, and "+when)
		}
		const call = "CountInChild(c, 12, start)"
		var starts exam.Count
		start := func() (*thread.Process, error) {
			starts.Add()
			return nil, errStart
		}
		exam.Error(t, call, thread.CountInChild(&c, 12, start), errStart, "start fails")
		exam.Equal(t, "calls of start", starts.Load(), 1, "start fails, and with that "+call+" is done")
		unchanged("start fails")
		exam.Error(t, "CountInChild(c, 0, start)", thread.CountInChild(&c, 0, start), errStart, "start fails, and there would be nothing to count")

		p := &puppet{t: t, main: silent}
		err := thread.CountInChild(&c, 12, func() (*thread.Process, error) {
			child, _ := p.start()
			return child, errStart
		})
		exam.Error(t, call, err, errStart, "start returns a Process and that error")
		exam.Equal(t, "calls of In.Close and Wait", p.closed+p.waited, 0, "start returns a Process and an error")
		unchanged("start returns a Process and an error")
	})

	interleave.Explore(t, func(t *testing.T) {
		var c thread.Counter
		c.Add(5)
		p := &puppet{t: t, main: confused, waiting: func() error { return errKilled }}
		exam.Together(
			func() {
				exam.Error(t, "CountInChild(c, 3, start)", thread.CountInChild(&c, 3, p.start), errKilled, "the child is killed")
			},
			func() { c.Add(100) },
		)
		exam.Equal(t, "Value()", c.Value(), 105, "it was 5, CountInChild(c, 3, start) has failed, and another goroutine has called Add(100), at any moment: c is what it would be without the call")
	})

	errPipe := errors.New("input/output error")
	for _, mishap := range []struct {
		when   string
		broken broken
	}{
		{"the pipes are well", broken{}},
		{"writing to In fails", broken{write: errPipe}},
		{"closing In fails", broken{close: errPipe}},
		{"reading Out fails at once", broken{read: errPipe}},
		{"reading Out fails after the answer", broken{end: errPipe}},
	} {
		interleave.Explore(t, func(t *testing.T) {
			for _, child := range []struct {
				when   string
				main   func(io.Reader, io.Writer) error
				killed error
			}{
				{"the child says nothing", silent, nil},
				{"the child says nothing", silent, errKilled},
				{"the child says " + strconv.Quote(nonsense), confused, nil},
				{"the child says " + strconv.Quote(nonsense), confused, errKilled},
				{"the child says 10,000 bytes that make no sense", endless(10_000), nil},
				{"the child counts if it gets that far", thread.ChildMain, nil},
				{"the child counts if it gets that far", thread.ChildMain, errKilled},
			} {
				p := &puppet{t: t, main: child.main, broken: mishap.broken}
				p.waiting = func() error { return child.killed }
				p.counted(child.killed, fmt.Sprintf("%s, %s, and Wait returns %v", mishap.when, child.when, child.killed))
			}
		})
	}

	// More than people make room for; too much to explore, for one who reads a byte at a time.
	long := &puppet{t: t, main: endless(2 << 20)}
	long.counted(nil, "the child says two megabytes that make no sense")

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

		for _, in := range []string{"", nonsense} {
			out.Reset()
			if thread.ChildMain(strings.NewReader(in), &out) == nil {
				t.Errorf("ChildMain(in, out) = nil, want an error: in is %q", in)
			}
			exam.Equal(t, "what ChildMain(in, out) wrote", out.String(), "", fmt.Sprintf("in is %q", in))
		}
	})
}

// counted lets the child count, and checks that it is an error if it did not, or was killed.
func (p *puppet) counted(killed error, when string) {
	p.t.Helper()
	const call = "CountInChild(c, 12, start)"
	var c thread.Counter
	c.Add(5)
	err := thread.CountInChild(&c, 12, p.start)
	p.ended(when)
	switch {
	case killed != nil:
		exam.Error(p.t, call, err, killed, when)
	case err == nil && !p.heard:
		p.t.Errorf("%s = nil, want an error: %s", call, when)
	}
	want := 5
	if err == nil {
		want = 17
	}
	exam.Equal(p.t, "Value()", c.Value(), want, fmt.Sprintf("it was 5 before %s, which returned %.100v; %s", call, err, when))
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
	for _, times := range []int{0, 3, 70_000} {
		call := fmt.Sprintf("CountInChild(c, %d, start)", times)
		when := fmt.Sprintf("c was %d before, and start starts a real process", want)
		want += times
		exam.Error(t, call, thread.CountInChild(&c, times, start), nil, when)
		exam.Equal(t, "Value()", c.Value(), want, "after "+call+"; "+when)
	}

	if t.Failed() {
		return // what has been said is enough
	}

	const when = "at the same time, with one Counter; neither child is waited for before both have counted"
	ctx, cancel = context.WithTimeout(context.Background(), exam.Patience)
	defer cancel()
	var both sync.WaitGroup
	both.Add(2)
	start = func() (*thread.Process, error) {
		p, err := child(ctx)
		if err != nil {
			return nil, err
		}
		wait := p.Wait
		p.Wait = func() error {
			both.Done()
			both.Wait()
			return wait()
		}
		return p, nil
	}
	var two thread.Counter
	var errs [2]error
	exam.Within(t, "CountInChild twice "+when, func() {
		exam.Together(
			func() { errs[0] = thread.CountInChild(&two, 1, start) },
			func() { errs[1] = thread.CountInChild(&two, 2, start) },
		)
	})
	exam.Equal(t, "what CountInChild returned twice", errs, [2]error{}, when)
	exam.Equal(t, "Value()", two.Value(), 3, "after CountInChild(c, 1, start) and CountInChild(c, 2, start) "+when)

	told := map[string]int{} // what is written to In, and for which times
	for _, times := range []int{0, 1 << 8, 1 << 16, 1 << 32, math.MaxInt - 1, math.MaxInt} {
		p := &puppet{t: t, main: silent}
		thread.CountInChild(new(thread.Counter), times, p.start)
		in := p.asked.String()
		if other, ok := told[in]; ok {
			t.Errorf("CountInChild(c, %d, start) writes %q to In, as CountInChild(c, %d, start) does: the child cannot tell them apart", times, in, other)
		}
		told[in] = times
	}
}
