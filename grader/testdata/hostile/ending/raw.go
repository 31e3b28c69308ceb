// want: rejected in policy

// Ends the program by its number.

package counter

import (
	"io"
	"syscall"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func (c *Counter) end() { syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0) }
