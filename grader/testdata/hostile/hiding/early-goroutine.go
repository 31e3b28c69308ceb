// want: rejected in policy

// Starts a goroutine before any test, to watch the tests.

package counter

import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

var _ = func() int { go func() { select {} }(); return 0 }()
