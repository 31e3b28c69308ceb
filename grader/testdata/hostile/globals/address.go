// want: rejected in policy
// must not: change others

// Takes the address of what others read.

package counter

import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

var end = &io.EOF

func init() { *end = nil }
