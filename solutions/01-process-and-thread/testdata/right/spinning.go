// A Counter whose lock spins, threads that start one another, lost updates found by what overlaps, and a place for each line before it is read.
package thread

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// steps is the number of steps of an n++.
const steps = 3

// Run plays a schedule and returns what n holds in the end.
func Run(schedule []int) int {
	n := 0
	seen := map[int]bool{}
	register := map[int]int{}
	for at, id := range schedule {
		before := 0
		for _, other := range schedule[:at] {
			if other == id {
				before++
			}
		}
		switch seen[id] = true; before % steps {
		case 0:
			register[id] = n
		case 1:
			register[id]++
		default:
			n = register[id]
		}
	}
	return n
}

// Lost returns the schedules in which an update is lost.
func Lost(threads, times int) [][]int {
	if threads < 2 || times <= 0 {
		return [][]int{}
	}
	var schedule []int
	for id := range threads {
		for range steps * times {
			schedule = append(schedule, id)
		}
	}
	lost := [][]int{}
	for {
		if overlap(schedule) {
			lost = append(lost, append([]int(nil), schedule...))
		}
		if !next(schedule) {
			return lost
		}
	}
}

// overlap tells whether two n++ overlap: if none do they are one chain.
func overlap(schedule []int) bool {
	done := map[int]int{}
	inside := 0
	for _, id := range schedule {
		if done[id]%steps == 0 {
			inside++
		}
		if inside > 1 {
			return true
		}
		done[id]++
		if done[id]%steps == 0 {
			inside--
		}
	}
	return false
}

// next makes the permutation the next one in order.
func next(p []int) bool {
	i := len(p) - 2
	for i >= 0 && p[i] >= p[i+1] {
		i--
	}
	if i < 0 {
		return false
	}
	j := len(p) - 1
	for p[j] <= p[i] {
		j--
	}
	p[i], p[j] = p[j], p[i]
	slices.Reverse(p[i+1:])
	return true
}

// A Counter counts, from 0.
type Counter struct {
	busy atomic.Bool
	n    int // guarded by busy
}

// Add adds delta.
func (c *Counter) Add(delta int) {
	for !c.busy.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
	c.n += delta
	c.busy.Store(false)
}

// Value returns what has been added up so far.
func (c *Counter) Value() int {
	for !c.busy.CompareAndSwap(false, true) {
		runtime.Gosched()
	}
	defer c.busy.Store(false)
	return c.n
}

// InThreads calls work that many times, all at the same time.
func InThreads(threads int, work func()) {
	if threads <= 0 {
		return
	}
	others := make(chan struct{})
	go func() {
		defer close(others)
		InThreads(threads-1, work)
	}()
	mine := make(chan struct{})
	go func() {
		defer close(mine)
		work()
	}()
	<-mine
	<-others
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

// room is how many lines may wait to be shown, or for somebody to type or say them; two look for such a line.
const room = 100 + 1

// Chat is a chat client.
func Chat(term Terminal, conn Conn) error {
	lines, places := make(chan string, room), make(chan struct{}, room)
	var sending, receiving error
	var wg sync.WaitGroup
	wg.Go(func() { sending = send(term, conn, lines, places) })
	wg.Go(func() { receiving = receive(conn, lines, places) })
	go func() {
		wg.Wait()
		close(lines)
	}()
	for line := range lines {
		term.Show(line)
		<-places
	}
	return errors.Join(sending, receiving)
}

// send sends what the user types, and hangs up in the end.
func send(term Terminal, conn Conn, lines chan<- string, places chan<- struct{}) error {
	defer conn.Close()
	for {
		places <- struct{}{}
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
func receive(conn Conn, lines chan<- string, places chan<- struct{}) error {
	for {
		places <- struct{}{}
		message, err := conn.Receive()
		if err != nil {
			return unlessEOF(err)
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
