// want: rejected in policy

// Hides a racy method from the race detector.

package counter

import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

//go:norace
func (c *Counter) more() { c.n++ }
