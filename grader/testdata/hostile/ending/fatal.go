// want: rejected in policy

// Ends the program under the name of a logger.

package counter

import (
	"io"
	"log"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

var end = log.Fatalln
