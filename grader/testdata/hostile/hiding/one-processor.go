// want: rejected in policy

// Takes the processors away, so that nothing happens at the same time.

package counter

import (
	"io"
	"runtime"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() { runtime.GOMAXPROCS(1) }
