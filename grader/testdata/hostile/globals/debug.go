// want: rejected in policy
// must not: change others

// Changes the runtime for all.

package counter

import (
	"io"
	d "runtime/debug"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

var quiet = d.SetPanicOnFault

func init() { d.SetGCPercent(-1); d.SetMaxStack(1); quiet(false) }
