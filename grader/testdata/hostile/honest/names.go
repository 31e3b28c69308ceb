// want: pass

// Calls its own things len, os, error and string, where that is its own business, and
// mentions //go:norace and import "unsafe" in comments.

package counter

import (
	"io"
	"sync"
)

var once sync.Once

type file struct{ EOF, Exit int }

type Counter struct {
	mu  sync.Mutex
	sum file
}

// go:norace is a directive without the space only.
func (c *Counter) Add(n int) {
	c.mu.Lock()
	os := &c.sum
	os.EOF += n
	os.Exit++
	c.mu.Unlock()
}

func (c *Counter) Value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	len := c.sum.EOF
	return len
}

func Size(r io.Reader) (n int, error error) {
	once.Do(func() {})
	for {
		var buffer [7]byte
		new, err := r.Read(buffer[:])
		n += new
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}
