// want: rejected in policy
// must not: change the report

// The policy names what is imported, and a name can be anything.

package counter

import (
	"\x1b[31mh4ck\n::h4ck::\u202e<h4ck>"
	"io"
)

type Counter struct{}

func (c *Counter) Add(n int)        {}
func (c *Counter) Value() int       { return 0 }
func Size(r io.Reader) (int, error) { return 0, nil }
