// want: rejected in policy
// must not: write a file

// Commands for those who run go generate.

package counter

import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

//go:generate touch @witness@
