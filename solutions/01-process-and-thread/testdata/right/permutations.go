// Schedules one permutation after the other, registers found by looking back, and a queue of lines without a limit.
package thread

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"sync"
	"sync/atomic"
)

// Run plays a schedule and returns what n holds in the end.
func Run(schedule []int) int {
	// The steps of a thread are found by looking back.
	n := 0
	registers := make([]int, len(schedule)) // of the thread, after each step
	last := map[int]int{}                   // index of a thread's last step
	done := map[int]int{}                   // how many steps it has made
	for i, id := range schedule {
		switch done[id] % 3 {
		case 0:
			registers[i] = n
		case 1:
			registers[i] = registers[last[id]] + 1
		default:
			n = registers[last[id]]
		}
		last[id] = i
		done[id]++
	}
	return n
}

// Lost returns the schedules in which an update is lost.
func Lost(threads, times int) [][]int {
	if threads < 2 || times < 1 {
		return nil // one thread alone loses nothing
	}
	var schedule []int
	for id := range threads {
		schedule = append(schedule, slices.Repeat([]int{id}, 3*times)...)
	}
	var lost [][]int
	for {
		if Run(schedule) != threads*times {
			lost = append(lost, slices.Clone(schedule))
		}
		if !next(schedule) {
			return lost
		}
	}
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

// InThreads calls work that many times, all at the same time, each call on a goroutine of its own.
func InThreads(threads int, work func()) {
	done := make(chan struct{})
	for range threads {
		go func() {
			work()
			done <- struct{}{}
		}()
	}
	for range threads {
		<-done
	}
}

// A Process is a child process that has been started.
type Process struct {
	In   io.WriteCloser // what the child reads as its standard input, until it is closed
	Out  io.Reader      // what the child writes to its standard output, until it ends
	Wait func() error   // waits for the end of the child; an error if the child has failed
}

// CountInChild lets a child process count to times, and adds that to c.
func CountInChild(c *Counter, times int, start func() (*Process, error)) error {
	p, err := start()
	if err != nil {
		return err
	}
	var errs []error
	errs = append(errs, json.NewEncoder(p.In).Encode(message{Count: &times}))
	errs = append(errs, p.In.Close())
	answer, err := io.ReadAll(p.Out)
	errs = append(errs, err, p.Wait())
	if err := errors.Join(errs...); err != nil {
		return err
	}
	var m message
	if err := json.Unmarshal(answer, &m); err != nil {
		return err
	}
	if m.Count == nil || *m.Count != times {
		return errors.New("the child has not counted")
	}
	c.Add(*m.Count)
	return nil
}

// ChildMain is what the child process does.
func ChildMain(in io.Reader, out io.Writer) error {
	question, err := io.ReadAll(in)
	if err != nil {
		return err
	}
	var m message
	if err := json.Unmarshal(question, &m); err != nil {
		return err
	}
	if m.Count == nil || *m.Count < 0 {
		return errors.New("no number to count to")
	}
	var c Counter
	for i := 0; i < *m.Count; i++ {
		c.Add(1)
	}
	n := c.Value()
	return json.NewEncoder(out).Encode(message{Count: &n})
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
	s := screen{talkers: 2}
	s.changed.L = &s.mu
	go func() {
		var err error
		for {
			var line string
			if line, err = term.ReadLine(); err != nil {
				break
			}
			if err = conn.Send(line); err != nil {
				break
			}
			s.put("me: " + line)
		}
		conn.Close()
		s.end(err)
	}()
	go func() {
		for {
			line, err := conn.Receive()
			if err != nil {
				s.end(err)
				return
			}
			s.put(line)
		}
	}()
	for {
		line, ok := s.take()
		if !ok {
			return errors.Join(s.errs...)
		}
		term.Show(line)
	}
}

// next makes s the next permutation, and reports whether there is one.
func next(s []int) bool {
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

// A message is what the two processes say to each other.
type message struct{ Count *int }

// A screen is a queue of lines without a limit.
type screen struct {
	mu      sync.Mutex
	changed sync.Cond
	lines   []string
	talkers int // who may still put lines
	errs    []error
}

func (s *screen) put(line string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, line)
	s.changed.Signal()
}

func (s *screen) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != io.EOF {
		s.errs = append(s.errs, err)
	}
	s.talkers--
	s.changed.Signal()
}

func (s *screen) take() (line string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.lines) == 0 {
		if s.talkers == 0 {
			return "", false
		}
		s.changed.Wait()
	}
	line = s.lines[0]
	s.lines = s.lines[1:]
	return line, true
}
