// want: rejected in policy

// Holds on to its thread.

package counter

import (
	"io"
	"runtime"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() { runtime.LockOSThread() }
