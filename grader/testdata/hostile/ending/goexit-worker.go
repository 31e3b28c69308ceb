// want: fail or panic or missing in TestAdd, fail or panic or missing in TestRace, fail in TestSize

// Ends the goroutines that add, and answers what they would have added.

package counter

import (
	"io"
	"runtime"
)

func (c *Counter) Add(n int) { runtime.Goexit() }

func (c *Counter) Value() int { return c.n }

type Counter struct{ n int }

func Size(r io.Reader) (int, error) { return 0, nil }
