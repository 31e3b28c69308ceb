// want: rejected in policy

// Reads the flags of package testing.

package counter

import (
	"flag"
	"io"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func tested() bool { return flag.Lookup("test.run") != nil }
