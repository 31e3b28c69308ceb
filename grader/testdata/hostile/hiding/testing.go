// want: rejected in policy

// Asks whether it is being tested.

package counter

import (
	"io"
	"testing"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func tested() bool { return testing.Testing() }
