// Each line is shown by a goroutine of its own, which waits for the one before it; numbers to the base of 36, a byte at a time.
package thread

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// context is what a thread consists of, besides the memory that all of them share.
type context struct {
	bookmark int // steps made so far
	register int
}

// steps is the number of steps of an n++.
const steps = 3

// step makes the thread's next step.
func (c *context) step(n *int) {
	switch c.bookmark % steps {
	case 0:
		c.register = *n
	case 1:
		c.register++
	case 2:
		*n = c.register
	}
	c.bookmark++
}

// Run plays a schedule and returns what n holds in the end.
func Run(schedule []int) int {
	n := 0
	threads := map[int]*context{}
	for _, id := range schedule {
		if threads[id] == nil {
			threads[id] = new(context)
		}
		threads[id].step(&n)
	}
	return n
}

// Lost returns the schedules in which an update is lost.
func Lost(threads, times int) [][]int {
	if threads <= 0 || times <= 0 {
		return nil
	}
	left := make([]int, threads) // steps, by thread
	for id := range left {
		left[id] = steps * times
	}
	total := steps * times * threads
	var lost [][]int
	var schedule []int
	var extend func()
	extend = func() {
		if len(schedule) == total {
			if Run(schedule) != threads*times {
				lost = append(lost, slices.Clone(schedule))
			}
			return
		}
		for id := range left {
			if left[id] == 0 {
				continue
			}
			left[id]--
			schedule = append(schedule, id)
			extend()
			schedule = schedule[:len(schedule)-1]
			left[id]++
		}
	}
	extend()
	return lost
}

// A Counter counts, from 0.
type Counter struct {
	once sync.Once
	n    chan int
}

// Add adds delta.
func (c *Counter) Add(delta int) {
	c.ready()
	c.n <- <-c.n + delta
}

// Value returns what has been added up so far.
func (c *Counter) Value() int {
	c.ready()
	n := <-c.n
	c.n <- n
	return n
}

func (c *Counter) ready() {
	c.once.Do(func() {
		c.n = make(chan int, 1)
		c.n <- 0
	})
}

// InThreads calls work that many times, all at the same time.
func InThreads(threads int, work func()) {
	var wg sync.WaitGroup
	for range threads {
		wg.Go(work)
	}
	wg.Wait()
}

// A Process is a child process that has been started.
type Process struct {
	In   io.WriteCloser // what the child reads as its standard input, until it is closed
	Out  io.Reader      // what the child writes to its standard output, until it ends
	Wait func() error   // waits for the end of the child; an error if the child has failed
}

// CountInChild lets a child process count to times, and adds that to c.
func CountInChild(c *Counter, times int, start func() (*Process, error)) error {
	child, err := start()
	if err != nil {
		return err
	}
	var errs []error
	for _, b := range append(strconv.AppendInt(nil, int64(times), 36), '.') {
		if _, err := child.In.Write([]byte{b}); err != nil {
			errs = append(errs, err)
			break
		}
	}
	errs = append(errs, child.In.Close())
	var answer []byte
	for b := make([]byte, 1); ; {
		n, err := child.Out.Read(b)
		answer = append(answer, b[:n]...)
		if err == io.EOF {
			break
		}
		if err != nil {
			errs = append(errs, err)
			break
		}
	}
	if err := child.Wait(); err != nil {
		return err
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	counted, err := strconv.ParseInt(string(answer), 36, 64)
	if err != nil {
		return err
	}
	if int(counted) != times {
		return errors.New("miscounted")
	}
	for range counted {
		c.Add(1)
	}
	return nil
}

// ChildMain is what the child process does.
func ChildMain(in io.Reader, out io.Writer) error {
	asked, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	number, ok := strings.CutSuffix(string(asked), ".")
	if !ok {
		return fmt.Errorf("cut off: %q", asked)
	}
	times, err := strconv.ParseInt(number, 36, 64)
	if err != nil {
		return err
	}
	var c Counter
	for range times {
		c.Add(1)
	}
	_, err = io.WriteString(out, strconv.FormatInt(int64(c.Value()), 36))
	return err
}

// A Terminal is where the user sits.
type Terminal interface {
	ReadLine() (string, error)
	Show(line string)
}

// A Conn is a connection to a chat server.
type Conn interface {
	Send(line string) error
	Receive() (string, error)
	Close() error
}

// Chat is a chat client.
func Chat(term Terminal, conn Conn) error {
	last := make(chan chan struct{}, 1) // closed when the last line has been shown
	first := make(chan struct{})
	close(first)
	last <- first
	show := func(line string) {
		mine := make(chan struct{})
		before := <-last
		last <- mine
		go func() {
			<-before
			term.Show(line)
			close(mine)
		}()
	}
	received := make(chan error)
	go func() { received <- receive(conn, show) }()
	sending := send(term, conn, show)
	receiving := <-received
	<-<-last
	if sending != nil {
		return sending
	}
	return receiving
}

// send sends what the user types, and hangs up in the end.
func send(term Terminal, conn Conn, show func(string)) error {
	defer conn.Close()
	for {
		line, err := term.ReadLine()
		if err != nil {
			return unlessEOF(err)
		}
		if err := conn.Send(line); err != nil {
			return unlessEOF(err)
		}
		show("me: " + line)
	}
}

// receive takes the messages as they come.
func receive(conn Conn, show func(string)) error {
	for {
		message, err := conn.Receive()
		if err != nil {
			return unlessEOF(err)
		}
		show(message)
	}
}

func unlessEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
