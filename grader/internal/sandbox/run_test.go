package sandbox

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A played process is busy for some looks, waits for some, and then ends.
type played struct {
	busyFor, waitsFor int
	looks             int
	end               chan struct{}
	once              sync.Once
}

func (p *played) busy() bool {
	p.looks++
	if p.looks > p.busyFor+p.waitsFor {
		p.quit()
	}
	return p.looks <= p.busyFor
}

func (p *played) ended() <-chan struct{}       { return p.end }
func (p *played) usage(int) usage              { return usage{} }
func (p *played) capped() End                  { return 0 }
func (p *played) disk() bool                   { return false }
func (p *played) quit()                        { p.once.Do(func() { close(p.end) }) }
func (p *played) destroy() error               { return nil }
func (p *played) result() (int, string, error) { return 0, "", nil }

// TestWallClock checks that the wall clock stands for a process that gets no core, and for no other.
func TestWallClock(t *testing.T) {
	const wall = 4 * look
	for what, test := range map[string]struct {
		busyFor, waitsFor int
		want              End
	}{
		"it waits, and ends in time":    {0, 2, Exited},
		"it waits for too long":         {0, 6, WallLimit},
		"it gets a core very late":      {10, 0, Exited},
		"and waits a little after that": {10, 2, Exited},
		"and waits too long after that": {10, 6, WallLimit},
		"it gets one when all is over":  {100, 0, WallLimit},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			p := &played{busyFor: test.busyFor, waitsFor: test.waitsFor, end: make(chan struct{})}
			l := ample
			l.Wall = wall
			out := supervise(context.Background(), p, l, nil)
			assert.Equal(t, test.want.String(), out.End.String(), "after %d looks", p.looks)
		})
	}
}
