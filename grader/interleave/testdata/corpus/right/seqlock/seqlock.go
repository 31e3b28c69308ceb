// Package seqlock is a sequence lock whose reader reads again if the sequence moved.
package seqlock

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

type point struct {
	seq  atomic.Uint32
	x, y atomic.Int64
}

func (p *point) set(v int64) {
	p.seq.Add(1)
	p.x.Store(v)
	p.y.Store(v)
	p.seq.Add(1)
}

func (p *point) get() (x, y int64) {
	for {
		seq := p.seq.Load()
		if seq%2 == 0 {
			x, y = p.x.Load(), p.y.Load()
			if p.seq.Load() == seq {
				return x, y
			}
		}
		runtime.Gosched()
	}
}

// Scenario reads a point while it is moved.
func Scenario(t *testing.T) {
	var p point
	var wg sync.WaitGroup
	wg.Go(func() { p.set(1) })
	wg.Go(func() {
		if x, y := p.get(); x != y {
			t.Errorf("read (%d, %d), want both the same", x, y)
		}
	})
	wg.Wait()
}
