// Package thread is the reference solution of chapter 1.
package thread

import (
	"errors"
	"fmt"
	"io"
	"slices"
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
	mu sync.Mutex
	n  int // guarded by mu
}

// Add adds delta.
func (c *Counter) Add(delta int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += delta
}

// Value returns what has been added up so far.
func (c *Counter) Value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
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
	_, asked := fmt.Fprintln(child.In, times)
	closed := child.In.Close()
	answer, heard := io.ReadAll(child.Out)
	ended := child.Wait()
	if err := errors.Join(asked, closed, heard, ended); err != nil {
		return fmt.Errorf("the child did not count: %w", err)
	}
	var counted int
	if _, err := fmt.Sscanln(string(answer), &counted); err != nil {
		return fmt.Errorf("the child said %q, not how far it has counted: %w", answer, err)
	}
	c.Add(counted)
	return nil
}

// ChildMain is what the child process does.
func ChildMain(in io.Reader, out io.Writer) error {
	var times int
	if _, err := fmt.Fscanln(in, &times); err != nil {
		return fmt.Errorf("how far to count? %w", err)
	}
	var c Counter
	for range times {
		c.Add(1)
	}
	_, err := fmt.Fprintln(out, c.Value())
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

// room is how many lines may wait to be shown.
const room = 100

// Chat is a chat client.
func Chat(term Terminal, conn Conn) error {
	lines := make(chan string, room)
	var sending, receiving error
	var wg sync.WaitGroup
	wg.Go(func() { sending = send(term, conn, lines) })
	wg.Go(func() { receiving = receive(conn, lines) })
	go func() {
		wg.Wait()
		close(lines)
	}()
	for line := range lines {
		term.Show(line)
	}
	return errors.Join(sending, receiving)
}

// send sends what the user types, and hangs up in the end.
func send(term Terminal, conn Conn, lines chan<- string) error {
	defer conn.Close()
	for {
		line, err := term.ReadLine()
		if err != nil {
			return unlessEOF(err)
		}
		if err := conn.Send(line); err != nil {
			return unlessEOF(err)
		}
		lines <- "me: " + line
	}
}

// receive takes the messages as they come.
func receive(conn Conn, lines chan<- string) error {
	for {
		message, err := conn.Receive()
		if err != nil {
			return unlessEOF(err)
		}
		lines <- message
	}
}

func unlessEOF(err error) error {
	if err == io.EOF { // itself: one that wraps it has more to say
		return nil
	}
	return err
}
