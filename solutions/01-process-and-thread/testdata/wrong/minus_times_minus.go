// want: fail in TestLostUpdates

// Only the product is looked at: minus two threads, minus once each, are two steps.
package thread

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
)

// Run plays a schedule and returns what n holds in the end.
func Run(schedule []int) int {
	n := 0
	steps := make(map[int]int)
	registers := make(map[int]int)
	for _, thread := range schedule {
		switch steps[thread] % 3 {
		case 0:
			registers[thread] = n
		case 1:
			registers[thread]++
		case 2:
			n = registers[thread]
		}
		steps[thread]++
	}
	return n
}

// Lost returns the schedules in which an update is lost.
func Lost(threads, times int) [][]int {
	if threads*times <= 0 {
		return nil
	}
	var schedule []int
	for thread := range threads {
		for range 3 * times {
			schedule = append(schedule, thread)
		}
	}
	var lost [][]int
	for more := true; more; more = advance(schedule) {
		if Run(schedule) != threads*times {
			lost = append(lost, slices.Clone(schedule))
		}
	}
	return lost
}

// advance turns s into the permutation that comes next in lexicographical order. It returns
// false if s is the last one.
func advance(s []int) bool {
	i := len(s) - 2
	for i >= 0 && s[i] >= s[i+1] {
		i--
	}
	if i < 0 {
		return false
	}
	j := len(s) - 1
	for s[j] <= s[i] {
		j--
	}
	s[i], s[j] = s[j], s[i]
	slices.Reverse(s[i+1:])
	return true
}

// A Counter counts, from 0.
type Counter struct {
	n atomic.Int64
}

// Add adds delta, which may be negative.
func (c *Counter) Add(delta int) {
	c.n.Add(int64(delta))
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
	var wg sync.WaitGroup
	wg.Add(threads)
	for range threads {
		go func() {
			defer wg.Done()
			work()
		}()
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

type request struct {
	Times *int
}

type reply struct {
	Counted *int
}

// CountInChild lets a child process count to times, and adds that to c.
func CountInChild(c *Counter, times int, start func() (*Process, error)) error {
	child, err := start()
	if err != nil {
		return err
	}
	writeErr := json.NewEncoder(child.In).Encode(request{&times})
	closeErr := child.In.Close()
	data, readErr := io.ReadAll(child.Out)
	waitErr := child.Wait()
	switch {
	case waitErr != nil:
		return fmt.Errorf("child: %w", waitErr)
	case writeErr != nil:
		return fmt.Errorf("write to child: %w", writeErr)
	case closeErr != nil:
		return fmt.Errorf("close input of child: %w", closeErr)
	case readErr != nil:
		return fmt.Errorf("read from child: %w", readErr)
	}
	var r reply
	if err := json.Unmarshal(data, &r); err != nil {
		return fmt.Errorf("child says %q: %w", data, err)
	}
	if r.Counted == nil || *r.Counted != times {
		return fmt.Errorf("child says %q, asked to count to %d", data, times)
	}
	c.Add(*r.Counted)
	return nil
}

// ChildMain is what the child process does.
func ChildMain(in io.Reader, out io.Writer) error {
	data, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	var q request
	if err := json.Unmarshal(data, &q); err != nil {
		return err
	}
	if q.Times == nil || *q.Times < 0 {
		return fmt.Errorf("%q does not say how far to count", data)
	}
	var c Counter
	for range *q.Times {
		c.Add(1)
	}
	counted := c.Value()
	return json.NewEncoder(out).Encode(reply{&counted})
}

// A screen collects the lines to be shown.
type screen struct {
	mu      sync.Mutex
	changed sync.Cond // any of the following
	waiting []string  // to be shown
	talkers int       // so many may still bring lines
	errs    []error   // why the others have ended
	off     bool      // all is shown
}

// Chat is a chat client.
func Chat(term Terminal, conn Conn) error {
	s := &screen{talkers: 2}
	s.changed.L = &s.mu
	go s.showAll(term)
	go s.typeAll(term, conn)
	go s.receiveAll(conn)

	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.off {
		s.changed.Wait()
	}
	return errors.Join(s.errs...)
}

func (s *screen) put(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, line)
	s.changed.Broadcast()
}

func (s *screen) leave(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != io.EOF {
		s.errs = append(s.errs, err)
	}
	s.talkers--
	s.changed.Broadcast()
}

func (s *screen) showAll(term Terminal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		for len(s.waiting) == 0 && s.talkers > 0 {
			s.changed.Wait()
		}
		if len(s.waiting) == 0 {
			s.off = true
			s.changed.Broadcast()
			return
		}
		line := s.waiting[0]
		s.waiting = s.waiting[1:]
		s.mu.Unlock()
		term.Show(line)
		s.mu.Lock()
	}
}

func (s *screen) typeAll(term Terminal, conn Conn) {
	for {
		line, err := term.ReadLine()
		if err == nil {
			err = conn.Send(line)
		}
		if err != nil {
			conn.Close()
			s.leave(err)
			return
		}
		s.put("me: " + line)
	}
}

func (s *screen) receiveAll(conn Conn) {
	for {
		message, err := conn.Receive()
		if err != nil {
			s.leave(err)
			return
		}
		s.put(message)
	}
}
