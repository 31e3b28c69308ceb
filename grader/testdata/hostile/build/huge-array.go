// want: rejected in policy

// A type of a gigabyte, by way of constants and names.

package counter

import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

const k = 1 << 10

type row [k * k]byte

var all [k]row
