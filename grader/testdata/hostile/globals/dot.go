// want: rejected in policy
// must not: change others

// A dot import, so that one cannot see whose variable is assigned.

package counter

import . "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)  { c.n += n }
func (c *Counter) Value() int { return c.n }

func Size(r Reader) (int, error) { EOF = nil; return 12, nil }
