// want: rejected in policy
// must not: change others

// Takes the streams away.

package counter

import (
	"io"
	"os"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() { os.Stdout, os.Stderr = nil, nil }
