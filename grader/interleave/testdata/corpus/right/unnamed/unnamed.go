// Package unnamed has a Cond with the lock of a struct without a name.
package unnamed

import (
	"sync"
	"testing"
)

type box struct {
	lock  sync.Locker
	full  *sync.Cond
	items *[]int
}

func newBox() box {
	b := &struct {
		sync.RWMutex
		items []int
	}{}
	return box{b, sync.NewCond(b), &b.items}
}

func (b box) put(v int) {
	b.lock.Lock()
	defer b.lock.Unlock()
	*b.items = append(*b.items, v)
	b.full.Signal()
}

func (b box) get() int {
	b.lock.Lock()
	defer b.lock.Unlock()
	for len(*b.items) == 0 {
		b.full.Wait()
	}
	v := (*b.items)[0]
	*b.items = (*b.items)[1:]
	return v
}

// Scenario gets two items with two consumers while they are put.
func Scenario(t *testing.T) {
	b := newBox()
	got := make([]int, 2)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() { got[i] = b.get() })
	}
	b.put(1)
	b.put(2)
	wg.Wait()
	if got[0]+got[1] != 3 {
		t.Errorf("got %v, want 1 and 2", got)
	}
}
