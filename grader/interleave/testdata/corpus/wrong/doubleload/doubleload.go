// Package doubleload loads what a cache does not hold without the lock: two callers
// load the same key, though each access is locked.
//
// want: wrong result
package doubleload

import (
	"sync"
	"testing"
)

type cache struct {
	mu    sync.Mutex
	value map[string]int
	loads int
}

func (c *cache) get(key string) int {
	c.mu.Lock()
	v, ok := c.value[key]
	c.mu.Unlock()
	if ok {
		return v
	}
	v = len(key)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.loads++
	c.value[key] = v
	return v
}

// Scenario asks for one key twice.
func Scenario(t *testing.T) {
	c := &cache{value: map[string]int{}}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { c.get("key") })
	}
	wg.Wait()
	if c.loads != 1 {
		t.Errorf("loaded %d times, want 1", c.loads)
	}
}
