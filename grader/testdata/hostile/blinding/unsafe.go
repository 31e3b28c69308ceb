// want: rejected in policy

// Writes where the detector does not know that it is a variable.

package counter

import (
	"io"
	"unsafe"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func (c *Counter) more() { *(*uintptr)(unsafe.Pointer(c)) += 1 }
