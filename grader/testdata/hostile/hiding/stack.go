// want: rejected in policy

// Looks who calls, in the text of the stack.

package counter

import (
	"io"
	rt "runtime"
	look "runtime/debug"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func caller() (n int) { all := rt.Stack; return all(look.Stack(), false) }
