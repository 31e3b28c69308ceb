// want: rejected in policy
// must not: change the report

// A directive whose text is a command to who reads the report.

package counter

import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

//go:h4ck%0A::h4ck::
func f() {}
