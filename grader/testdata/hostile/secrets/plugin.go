// want: rejected in policy
// must not: read a secret

// Loads code that nobody has read.

package counter

import (
	"io"
	"plugin"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() { plugin.Open("@secret@") }
