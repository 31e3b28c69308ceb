// want: fail in TestChildFails

// What is said of an in that cannot be read is that it makes no sense.
package thread

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A machine has one n, and a register and a bookmark for each thread.
type machine struct {
	n        int
	register map[int]int
	inside   map[int]int // steps made of the current n++
}

func (m *machine) step(thread int) {
	switch m.inside[thread] {
	case 0:
		m.register[thread] = m.n
		m.inside[thread] = 1
	case 1:
		m.register[thread]++
		m.inside[thread] = 2
	default:
		m.n = m.register[thread]
		m.inside[thread] = 0
	}
}

// Run plays a schedule and returns what n holds in the end.
func Run(schedule []int) int {
	m := machine{register: map[int]int{}, inside: map[int]int{}}
	for _, thread := range schedule {
		m.step(thread)
	}
	return m.n
}

// Lost returns the schedules in which an update is lost.
func Lost(threads, times int) [][]int {
	if threads <= 0 || times <= 0 {
		return nil
	}
	var lost [][]int
	for schedule := range schedules(threads, times) {
		if Run(schedule) != threads*times {
			lost = append(lost, slices.Clone(schedule))
		}
	}
	return lost
}

// schedules yields all schedules, in order. They share their memory.
func schedules(threads, times int) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		made := make([]int, threads)
		var schedule []int
		var extend func(live []int) bool
		extend = func(live []int) bool {
			if len(live) == 0 {
				return yield(schedule)
			}
			for i, id := range live {
				rest := live
				made[id]++
				if made[id] == 3*times {
					rest = slices.Delete(slices.Clone(live), i, i+1)
				}
				schedule = append(schedule, id)
				if !extend(rest) {
					return false
				}
				schedule = schedule[:len(schedule)-1]
				made[id]--
			}
			return true
		}
		all := make([]int, threads)
		for id := range all {
			all[id] = id
		}
		extend(all)
	}
}

// A Counter counts, from 0.
type Counter struct {
	mu sync.RWMutex
	n  int
}

// Add adds delta, which may be negative.
func (c *Counter) Add(delta int) {
	c.mu.Lock()
	c.n += delta
	c.mu.Unlock()
}

// Value returns what has been added up so far.
func (c *Counter) Value() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.n
}

// InThreads calls work that many times, all at the same time.
func InThreads(threads int, work func()) {
	if threads <= 0 {
		return
	}
	ended := make(chan struct{}, threads)
	for range threads {
		go func() {
			defer func() { ended <- struct{}{} }()
			work()
		}()
	}
	for range threads {
		<-ended
	}
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
	counted, err := ask(child, times)
	err = errors.Join(child.Wait(), err)
	if err != nil {
		return err
	}
	c.Add(counted)
	return nil
}

// ask talks to the child, to the end.
func ask(child *Process, times int) (int, error) {
	_, writing := fmt.Fprintln(child.In, "count", times, "please")
	closing := child.In.Close()
	answer, err := hear(child.Out)
	if err := errors.Join(writing, closing, err); err != nil {
		return 0, err
	}
	return number(answer, "counted", "sir")
}

// hear reads all words.
func hear(r io.Reader) ([]string, error) {
	var words []string
	scanner := bufio.NewScanner(r)
	scanner.Split(bufio.ScanWords)
	for scanner.Scan() {
		words = append(words, scanner.Text())
	}
	if err := scanner.Err(); err != nil {
		if errors.Is(err, bufio.ErrTooLong) {
			io.Copy(io.Discard, r) // to the end, whatever it is
		}
		return nil, err
	}
	return words, nil
}

// number returns the number between two words.
func number(words []string, before, after string) (int, error) {
	if len(words) != 3 || words[0] != before || words[2] != after {
		return 0, fmt.Errorf("want %s ... %s, have %q", before, after, strings.Join(words, " "))
	}
	n, err := strconv.ParseUint(words[1], 10, strconv.IntSize-1)
	return int(n), err
}

// ChildMain is what the child process does.
func ChildMain(in io.Reader, out io.Writer) error {
	words, _ := hear(in)
	times, err := number(words, "count", "please")
	if err != nil {
		return err
	}
	var c Counter
	for range times {
		c.Add(1)
	}
	_, err = fmt.Fprintln(out, "counted", c.Value(), "sir")
	return err
}

// Chat is a chat client. Its goroutine owns the lines that wait to be shown; it never waits
// for anything but the next event.
func Chat(term Terminal, conn Conn) error {
	lines := make(chan string) // to be shown some day
	ended := make(chan error)  // one of the two who bring lines has ended
	go func() { ended <- typeAndSend(term, conn, lines) }()
	go func() { ended <- receive(conn, lines) }()

	next := make(chan string) // to be shown now
	shown := make(chan struct{})
	go func() {
		defer close(shown)
		for line := range next {
			term.Show(line)
		}
	}()

	var queue []string
	var result error
	for talkers := 2; talkers > 0 || len(queue) > 0; {
		var first string
		var out chan<- string
		if len(queue) > 0 {
			first, out = queue[0], next
		}
		select {
		case line := <-lines:
			queue = append(queue, line)
		case out <- first:
			queue = queue[1:]
		case err := <-ended:
			talkers--
			if err != io.EOF && result == nil {
				result = err
			}
		}
	}
	close(next)
	<-shown
	return result
}

func typeAndSend(term Terminal, conn Conn, lines chan<- string) error {
	defer conn.Close()
	for {
		line, err := term.ReadLine()
		if err != nil {
			return err
		}
		err = conn.Send(line)
		if err != nil {
			return err
		}
		lines <- "me: " + line
	}
}

func receive(conn Conn, lines chan<- string) error {
	for {
		message, err := conn.Receive()
		if err != nil {
			return err
		}
		lines <- message
	}
}
