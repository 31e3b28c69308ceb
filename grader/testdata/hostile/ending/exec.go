// want: rejected in policy

// Becomes another program.

package counter

import (
	"io"
	sys "syscall"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() { sys.Exec("/bin/true", nil, nil) }
