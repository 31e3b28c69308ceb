// want: rejected in policy

// A literal of three bytes in the source and a gigabyte in the binary.

package counter

import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

var all = [...]byte{1<<30 - 1: 1}
