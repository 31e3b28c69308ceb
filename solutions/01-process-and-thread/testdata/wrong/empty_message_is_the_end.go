// want: race in TestChat

// An empty message is taken for the end of all messages.
package thread

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync/atomic"
)

// Run plays a schedule and returns what n holds in the end.
func Run(schedule []int) int {
	type thread struct {
		next     func()
		register int
	}
	n := 0
	threads := make(map[int]*thread)
	for _, id := range schedule {
		t, known := threads[id]
		if !known {
			t = &thread{}
			var load, add, store func()
			load = func() { t.register, t.next = n, add }
			add = func() { t.register, t.next = t.register+1, store }
			store = func() { n, t.next = t.register, load }
			t.next = load
			threads[id] = t
		}
		t.next()
	}
	return n
}

// Lost returns the schedules in which an update is lost.
func Lost(threads, times int) [][]int {
	if threads <= 1 || times <= 0 {
		return nil // whoever is alone loses nothing
	}
	size := 3 * times * threads
	// All beginnings of schedules, in order, at first one of no steps, then those of one, ...
	beginnings := [][]int{{}}
	for range size {
		var longer [][]int
		for _, b := range beginnings {
			made := make([]int, threads)
			for _, id := range b {
				made[id]++
			}
			for id := range threads {
				if made[id] < 3*times {
					longer = append(longer, append(slices.Clone(b), id))
				}
			}
		}
		beginnings = longer
	}
	return slices.DeleteFunc(beginnings, func(s []int) bool { return Run(s) == threads*times })
}

// A Counter counts, from 0.
type Counter struct {
	n atomic.Int64
}

// Add adds delta, which may be negative.
func (c *Counter) Add(delta int) {
	for {
		old := c.n.Load()
		if c.n.CompareAndSwap(old, old+int64(delta)) {
			return
		}
	}
}

// Value returns what has been added up so far.
func (c *Counter) Value() int {
	return int(c.n.Load())
}

// InThreads calls work that many times, all at the same time.
func InThreads(threads int, work func()) {
	if threads <= 0 {
		return
	}
	var running atomic.Int64
	running.Store(int64(threads))
	all := make(chan struct{})
	for range threads {
		go func() {
			defer func() {
				if running.Add(-1) == 0 {
					close(all)
				}
			}()
			work()
		}()
	}
	<-all
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

// pack makes a message of 16 bytes of a number: the number, and its complement.
func pack(n int) []byte {
	message := binary.BigEndian.AppendUint64(nil, uint64(n))
	return binary.BigEndian.AppendUint64(message, ^uint64(n))
}

// unpack takes the number out of a message.
func unpack(message []byte) (int, error) {
	if len(message) != 16 {
		return 0, fmt.Errorf("a message of %d bytes, want 16", len(message))
	}
	n := binary.BigEndian.Uint64(message)
	if binary.BigEndian.Uint64(message[8:]) != ^n || n > 1<<(strconv.IntSize-1)-1 {
		return 0, fmt.Errorf("the message %x makes no sense", message)
	}
	return int(n), nil
}

// CountInChild lets a child process count to times, and adds that to c.
func CountInChild(c *Counter, times int, start func() (*Process, error)) error {
	child, err := start()
	if err != nil {
		return err
	}
	var errs []error
	check := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	_, err = child.In.Write(pack(times))
	check(err)
	check(child.In.Close())
	answer, err := io.ReadAll(child.Out)
	check(err)
	check(child.Wait())
	counted, err := unpack(answer)
	check(err)
	if err == nil && counted != times {
		check(fmt.Errorf("the child has counted to %d, not to %d", counted, times))
	}
	if len(errs) == 0 {
		c.Add(counted)
	}
	return errors.Join(errs...)
}

// ChildMain is what the child process does.
func ChildMain(in io.Reader, out io.Writer) error {
	question, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	times, err := unpack(question)
	if err != nil {
		return err
	}
	var c Counter
	for range times {
		c.Add(1)
	}
	_, err = out.Write(pack(c.Value()))
	return err
}

// Chat is a chat client.
func Chat(term Terminal, conn Conn) error {
	mine, theirs := make(chan string, 100), make(chan string, 100)
	var sending, receiving error // may be read when the channels are closed

	go func() {
		defer close(mine)
		defer conn.Close()
		for {
			line, err := term.ReadLine()
			if err != nil {
				sending = err
				return
			}
			if err := conn.Send(line); err != nil {
				sending = err
				return
			}
			mine <- "me: " + line
		}
	}()
	go func() {
		defer close(theirs)
		for {
			message, err := conn.Receive()
			if err != nil {
				receiving = err
				return
			}
			theirs <- message
		}
	}()

	mineOrNil, theirsOrNil := mine, theirs
	for mineOrNil != nil || theirsOrNil != nil {
		select {
		case line, ok := <-mineOrNil:
			if !ok {
				mineOrNil = nil
				continue
			}
			term.Show(line)
		case message := <-theirsOrNil:
			if message == "" {
				theirsOrNil = nil
				continue
			}
			term.Show(message)
		}
	}
	if !errors.Is(sending, io.EOF) {
		return sending
	}
	if !errors.Is(receiving, io.EOF) {
		return receiving
	}
	return nil
}
