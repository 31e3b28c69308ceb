// want: rejected in policy
// must not: change others

// Changes a field of a variable of another package.

package counter

import (
	"io"
	"runtime"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() { runtime.MemProfileRate += 1 }
