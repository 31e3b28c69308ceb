// want: rejected in policy
// must not: change others

// Gives true, error and panic another meaning for the whole package.

package counter

import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

const true = false

type error = interface{}

func panic(any) {}
