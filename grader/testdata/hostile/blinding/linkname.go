// want: rejected in policy

// Reaches for the race runtime's own switch.

package counter

import (
	"io"
	_ "unsafe"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

//go:linkname raceDisable runtime.RaceDisable
func raceDisable()

func init() { raceDisable() }
