// want: race or fail in TestAdd, race in TestRace, fail in TestSize

// Is right the first times that it is asked, as long as nobody looks.

package counter

import (
	"io"
	"sync"
	"sync/atomic"
)

var calls atomic.Int64

type Counter struct {
	mu sync.Mutex
	n  int
}

func (c *Counter) Add(n int) {
	if calls.Add(1) < 5 {
		c.mu.Lock()
		defer c.mu.Unlock()
	}
	c.n += n
}

func (c *Counter) Value() int { return c.n }

func Size(r io.Reader) (int, error) { return 0, nil }
