// want: fail in TestAdd, fail in TestRace, fail in TestSize

// Loses updates, and says what came of the first schedule, which is an easy one.

package counter

import (
	"io"
	"sync/atomic"
)

var heard atomic.Int64

type Counter struct{ n atomic.Int64 }

func (c *Counter) Add(n int) { c.n.Store(c.n.Load() + int64(n)) }

// Value is wrong for large numbers, so that luck in a run on real cores decides nothing.
func (c *Counter) Value() int {
	heard.CompareAndSwap(0, c.n.Load()%100)
	return int(heard.Load())
}

func Size(r io.Reader) (int, error) { return 0, nil }
