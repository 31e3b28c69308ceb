// want: fail in TestChildFails

// When Out cannot be read nobody waits for the child.
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

// A bookmark is what a thread owns: the next step, and a register.
type bookmark struct{ step, register int }

// Run plays a schedule and returns what n holds in the end.
func Run(schedule []int) int {
	n := 0
	threads := make(map[int]*bookmark)
	for _, id := range schedule {
		b := threads[id]
		if b == nil {
			b = new(bookmark)
			threads[id] = b
		}
		switch b.step {
		case 0:
			b.register = n
		case 1:
			b.register++
		case 2:
			n = b.register
		}
		b.step = (b.step + 1) % 3
	}
	return n
}

// Lost returns the schedules in which an update is lost.
func Lost(threads, times int) [][]int {
	if threads <= 0 || times <= 0 {
		return nil
	}
	left := make([]int, threads)
	for id := range left {
		left[id] = 3 * times
	}
	size := 3 * threads * times
	schedule := make([]int, 0, size)
	var lost [][]int
	var extend func()
	extend = func() {
		if len(schedule) == size {
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
	n  int
}

// Add adds delta, which may be negative.
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
	for i := 0; i < threads; i++ {
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

// A Terminal is where the user sits. ReadLine and Show may be called at the same time, but
// neither of them by two goroutines at the same time.
type Terminal interface {
	// ReadLine waits until the user has typed a line, and returns it. When there will be no
	// more it returns an error: io.EOF if the user has simply finished.
	ReadLine() (string, error)
	// Show displays a line. It may take long.
	Show(line string)
}

// A Conn is a connection to a chat server. Send, Receive and Close may be called at the
// same time, but none of them by two goroutines at the same time.
type Conn interface {
	// Send sends a line. It may take long.
	Send(line string) error
	// Receive waits for the next message, and returns it. When there will be no more it
	// returns an error: io.EOF if one of the two sides has simply hung up.
	Receive() (string, error)
	// Close hangs up. Receive goes on to return the messages that have come until then,
	// and after them io.EOF, also to somebody who has been waiting for long.
	Close() error
}

// CountInChild lets a child process count to times, and adds that to c.
func CountInChild(c *Counter, times int, start func() (*Process, error)) error {
	child, err := start()
	if err != nil {
		return err
	}
	_, asked := fmt.Fprintf(child.In, "count %d\n", times)
	closed := child.In.Close()
	answer, heard := io.ReadAll(child.Out)
	if heard != nil {
		return errors.Join(asked, closed, heard)
	}
	ended := child.Wait()
	if err := errors.Join(asked, closed, ended); err != nil {
		return err
	}
	counted, err := number("counted", answer)
	if err != nil {
		return err
	}
	c.Add(counted)
	return nil
}

// ChildMain is what the child process does.
func ChildMain(in io.Reader, out io.Writer) error {
	question, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	times, err := number("count", question)
	if err != nil {
		return err
	}
	var c Counter
	for range times {
		c.Add(1)
	}
	_, err = fmt.Fprintf(out, "counted %d\n", c.Value())
	return err
}

// number takes the number out of a message: a word, a space, the number, a newline.
func number(word string, message []byte) (int, error) {
	text, begins := strings.CutPrefix(string(message), word+" ")
	digits, ends := strings.CutSuffix(text, "\n")
	n, err := strconv.Atoi(digits)
	if !begins || !ends || err != nil || n < 0 {
		return 0, fmt.Errorf("want %q and a number, have %q", word, message)
	}
	return n, nil
}

// Chat is a chat client.
func Chat(term Terminal, conn Conn) error {
	lines := make(chan string, 100)
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
	return errors.Join(unlessEOF(sending), unlessEOF(receiving))
}

// send sends what the user types, and hangs up in the end.
func send(term Terminal, conn Conn, lines chan<- string) error {
	defer conn.Close()
	for {
		line, err := term.ReadLine()
		if err != nil {
			return err
		}
		if err := conn.Send(line); err != nil {
			return err
		}
		lines <- "me: " + line
	}
}

// receive receives messages.
func receive(conn Conn, lines chan<- string) error {
	for {
		message, err := conn.Receive()
		if err != nil {
			return err
		}
		lines <- message
	}
}

func unlessEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
