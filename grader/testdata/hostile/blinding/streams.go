// want: race in TestAdd, race or fail in TestRace, fail in TestSize

// Orders goroutines for the race detector by reading and printing nothing.

package counter

import (
	"fmt"
	"io"
)

type Counter struct{ n int }

func fence() {
	var x int
	fmt.Scan(&x)
	fmt.Print()
}

func (c *Counter) Add(n int) {
	fence()
	defer fence()
	c.n += n
}

// Value is wrong for large numbers, so that luck in a run on real cores decides nothing.
func (c *Counter) Value() int {
	fence()
	return c.n % 100
}

func Size(r io.Reader) (int, error) { return 0, nil }
