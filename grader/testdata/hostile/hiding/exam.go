// want: rejected in policy

// Imports what the tests report with.

package counter

import (
	"io"
	"lockstep/grader/exam/wire"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() { wire.Send(wire.Record{Kind: wire.End, Passed: true}) }
