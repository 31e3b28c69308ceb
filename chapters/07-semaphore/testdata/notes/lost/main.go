// Command lost gives up waiting for a permit, and loses it.
package main

import (
	"context"
	"fmt"
	"time"
)

// region acquire
type Semaphore struct{ taken chan struct{} }

func (s *Semaphore) Acquire(ctx context.Context) error {
	got := make(chan struct{}, 1)
	go func() {
		s.taken <- struct{}{}
		got <- struct{}{}
	}()
	select {
	case <-got:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Semaphore) Release() { <-s.taken }

// endregion

// impatient tries to get a permit for a moment.
func impatient(s *Semaphore) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	return s.Acquire(ctx)
}

func main() {
	s := &Semaphore{taken: make(chan struct{}, 1)}
	// region main
	fmt.Println("first: ", impatient(s))
	fmt.Println("second:", impatient(s)) // has to give up: the first one has it
	s.Release()
	fmt.Println("third: ", impatient(s)) // and now nobody has it
	// endregion
}
