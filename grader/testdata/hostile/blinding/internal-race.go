// want: rejected in policy

// Imports the switch itself.

package counter

import (
	"internal/race"
	"io"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() { race.Disable() }
