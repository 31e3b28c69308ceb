// Command one has bakers and sellers wait for the same condition.
package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

// region shelf
type Shelf struct {
	mu      sync.Mutex
	changed *sync.Cond // on mu
	loaves  []string   // guarded by mu; there is room for one
}

func (s *Shelf) Put(loaf string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.loaves) == 1 {
		s.changed.Wait()
	}
	s.loaves = append(s.loaves, loaf)
	s.changed.Signal()
}

func (s *Shelf) Get() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.loaves) == 0 {
		s.changed.Wait()
	}
	loaf := s.loaves[0]
	s.loaves = s.loaves[1:]
	s.changed.Signal()
	return loaf
}

// endregion

func main() {
	runtime.GOMAXPROCS(1) // or you may have to run it more than once
	shelf := &Shelf{}
	shelf.changed = sync.NewCond(&shelf.mu)
	for range 2 {
		go func() { fmt.Println("sold:", shelf.Get()) }()
	}
	time.Sleep(50 * time.Millisecond) // both wait
	shelf.Put("rye")
	shelf.Put("oat")
	time.Sleep(50 * time.Millisecond)
}
