// want: rejected in policy

// A package whose name looks like C.

package counter

import "io"
import "runtime/cgo"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

var _ cgo.Handle
