// want: rejected in policy
// must not: change others

// Moves the clock of everyone through a pointer.

package counter

import (
	"io"
	"time"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() { *time.Local = *time.FixedZone("x", 1) }
