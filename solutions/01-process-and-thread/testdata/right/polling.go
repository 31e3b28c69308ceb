// A list of lines into which Chat looks each millisecond.
package thread

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

func Run(schedule []int) int {
	n := 0
	reg := map[int]int{}
	pc := map[int]int{}
	for _, t := range schedule {
		switch pc[t] {
		case 0:
			reg[t] = n
		case 1:
			reg[t]++
		case 2:
			n = reg[t]
		}
		pc[t] = (pc[t] + 1) % 3
	}
	return n
}

func Lost(threads, times int) [][]int {
	if threads <= 0 || times <= 0 {
		return nil
	}
	left := make([]int, threads)
	for i := range left {
		left[i] = 3 * times
	}
	var res [][]int
	var cur []int
	var rec func()
	rec = func() {
		if len(cur) == 3*threads*times {
			if Run(cur) != threads*times {
				res = append(res, append([]int{}, cur...))
			}
			return
		}
		for t := range left {
			if left[t] > 0 {
				left[t]--
				cur = append(cur, t)
				rec()
				cur = cur[:len(cur)-1]
				left[t]++
			}
		}
	}
	rec()
	return res
}

type Counter struct {
	mu sync.Mutex
	n  int
}

func (c *Counter) Add(delta int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += delta
}

func (c *Counter) Value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

func InThreads(threads int, work func()) {
	var wg sync.WaitGroup
	for range threads {
		wg.Go(work)
	}
	wg.Wait()
}

type Process struct {
	In   io.WriteCloser
	Out  io.Reader
	Wait func() error
}

func CountInChild(c *Counter, times int, start func() (*Process, error)) error {
	p, err := start()
	if err != nil {
		return err
	}
	_, werr := fmt.Fprintln(p.In, times)
	cerr := p.In.Close()
	out, rerr := io.ReadAll(p.Out)
	if err := p.Wait(); err != nil {
		return err
	}
	if err := errors.Join(werr, cerr, rerr); err != nil {
		return err
	}
	var n int
	if _, err := fmt.Sscan(string(out), &n); err != nil {
		return fmt.Errorf("child said %q: %w", out, err)
	}
	c.Add(n)
	return nil
}

func ChildMain(in io.Reader, out io.Writer) error {
	var times int
	if _, err := fmt.Fscan(in, &times); err != nil {
		return err
	}
	var c Counter
	for range times {
		c.Add(1)
	}
	_, err := fmt.Fprintln(out, c.Value())
	return err
}

type Terminal interface {
	ReadLine() (string, error)
	Show(line string)
}

type Conn interface {
	Send(line string) error
	Receive() (string, error)
	Close() error
}

// Chat has two goroutines that put lines into a list, and looks into it now and then.
func Chat(term Terminal, conn Conn) error {
	var mu sync.Mutex
	var lines []string
	var errs []error
	ended := 0
	put := func(line string) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, line)
	}
	end := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		ended++
		if err != io.EOF {
			errs = append(errs, err)
		}
	}
	go func() {
		for {
			line, err := term.ReadLine()
			if err == nil {
				err = conn.Send(line)
			}
			if err != nil {
				conn.Close()
				end(err)
				return
			}
			put("me: " + line)
		}
	}()
	go func() {
		for {
			line, err := conn.Receive()
			if err != nil {
				end(err)
				return
			}
			put(line)
		}
	}()
	for {
		mu.Lock()
		todo := lines
		lines = nil
		over := ended == 2
		mu.Unlock()
		for _, line := range todo {
			term.Show(line)
		}
		if len(todo) == 0 {
			if over {
				return errors.Join(errs...)
			}
			time.Sleep(time.Millisecond)
		}
	}
}
