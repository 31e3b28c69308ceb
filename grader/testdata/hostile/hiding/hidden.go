// want: rejected in policy
// must not: read a secret

// Imports the hidden tests.

package counter

import (
	"io"
	"lockstep/grader/testdata/hostile/course/chapters/01-counter/hidden"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

var _ = hidden.TestAdd
