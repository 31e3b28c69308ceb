// want: race in TestAdd, race or fail in TestRace, fail in TestSize

// Waits until the others must have come by.

package counter

import (
	"io"
	"time"
)

func (c *Counter) Add(n int) {
	time.Sleep(time.Duration(n) * time.Millisecond)
	c.n += n
}

type Counter struct{ n int }

func (c *Counter) Value() int { return c.n }

func Size(r io.Reader) (int, error) { return 0, nil }
