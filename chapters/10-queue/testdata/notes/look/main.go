// Command look has two sellers wait for one loaf.
package main

import (
	"fmt"
	"sync"
	"time"
)

// region shelf
type Shelf struct {
	mu     sync.Mutex
	filled *sync.Cond // on mu
	loaves []string   // guarded by mu
}

func (s *Shelf) Put(loaf string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loaves = append(s.loaves, loaf)
	s.filled.Broadcast()
}

func (s *Shelf) Get() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.loaves) == 0 {
		s.filled.Wait() // lets go of mu, sleeps, and takes mu again
	}
	loaf := s.loaves[0]
	s.loaves = s.loaves[1:]
	return loaf
}

// endregion

func main() {
	shelf := &Shelf{}
	shelf.filled = sync.NewCond(&shelf.mu)
	for range 2 {
		go func() { fmt.Println("sold:", shelf.Get()) }()
	}
	time.Sleep(50 * time.Millisecond) // both wait
	shelf.Put("rye")
	time.Sleep(50 * time.Millisecond)
}
