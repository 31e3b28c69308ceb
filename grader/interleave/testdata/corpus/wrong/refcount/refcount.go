// Package refcount takes a reference if the count was above zero when it was last
// seen: the object may have been freed since.
//
// want: wrong result
package refcount

import (
	"sync"
	"sync/atomic"
	"testing"
)

type object struct {
	refs  atomic.Int32
	freed atomic.Bool
}

func (o *object) acquire() bool {
	if o.refs.Load() == 0 {
		return false
	}
	o.refs.Add(1)
	return true
}

func (o *object) release() {
	if o.refs.Add(-1) == 0 {
		o.freed.Store(true)
	}
}

// Scenario uses an object in two goroutines while its owner lets go of it.
func Scenario(t *testing.T) {
	var o object
	o.refs.Store(1)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if o.acquire() {
				if o.freed.Load() {
					t.Error("a freed object is in use")
				}
				o.release()
			}
		})
	}
	wg.Go(o.release)
	wg.Wait()
}
