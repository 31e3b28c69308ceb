// want: rejected in policy
// must not: read a secret

// Imports another student's chapter.

package counter

import (
	"io"
	"lockstep/chapters/05-lock"
	"lockstep/solutions/05-lock"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

var _ = lock.New
