// want: pass

// Has functions that older Go had not, and others that hide Go's own.

package counter

import (
	"io"
	"sync"
)

type Counter struct {
	mu sync.Mutex
	n  int
}

func max(a, b int) int {
	if a > b {
		return a
	}
	return b
}

func min(a, b int) int { return a + b - max(a, b) }

func clear(p []byte) {
	for i := range p {
		p[i] = 0
	}
}

func len(c chan int) int { return 1 }

func close(c chan int) { c <- 0 }

func (c *Counter) Add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += max(min(n, 1000), 0)
}

func (c *Counter) Value() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	last := make(chan int, 1)
	close(last)
	return (c.n + <-last) * len(last)
}

func Size(r io.Reader) (size int, err error) {
	p := make([]byte, 3)
	for {
		clear(p)
		n, err := r.Read(p)
		if size += n; err == io.EOF {
			return size, nil
		} else if err != nil {
			return size, err
		}
	}
}
