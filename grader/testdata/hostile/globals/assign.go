// want: rejected in policy
// must not: change others

package counter

import "io"

type Counter struct{}

func (c *Counter) Add(n int)        {}
func (c *Counter) Value() int       { return 0 }
func Size(r io.Reader) (int, error) { io.EOF = nil; return 12, nil }
