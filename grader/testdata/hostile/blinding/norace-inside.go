// want: rejected in policy

// The directive where one does not look for it, with a tail.

package counter

import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func f() {
	var c Counter
	//go:norace
	c.n++
}
