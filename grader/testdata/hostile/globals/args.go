// want: rejected in policy
// must not: change others

// Empties the arguments, so that no test is found.

package counter

import (
	"io"
	"os"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() { clear(os.Args) }
