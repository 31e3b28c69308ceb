// want: rejected in policy

// Writes to the private line.

package counter

import (
	"io"
	"os"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

var line = os.NewFile(3, "line")

func init() { line.WriteString("{}") }
