// want: rejected in policy
// must not: change others

// Assigns in a receive.

package counter

import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() {
	c := make(chan error, 1)
	c <- nil
	select {
	case io.EOF = <-c:
	}
}
