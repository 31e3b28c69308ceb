// want: rejected in policy

// Has what cannot be explored in it, on purpose, and loses updates without a race.

package counter

import (
	"io"
	"sync"
	"sync/atomic"
)

type lock struct{ sync.Mutex }

var _ sync.Locker = func() sync.Locker {
	type own struct{ sync.Mutex }
	return new(own)
}()

type Counter struct{ n atomic.Int64 }

func (c *Counter) Add(n int) { c.n.Store(c.n.Load() + int64(n)) }

func (c *Counter) Value() int { return int(c.n.Load()) }

func Size(r io.Reader) (int, error) { return 0, nil }
