package semaphore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	semaphore "lockstep/chapters/07-semaphore"
)

// The examples show how the chapter's types are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/07-semaphore
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleSemaphore()
		ExampleForEach()
		ExampleWeighted()
	}
}

func ExampleSemaphore() {
	s := semaphore.New(1)
	fmt.Println("the first:", s.Acquire(context.Background()), "want <nil>")
	fmt.Println("one more:", s.TryAcquire(), "want false")

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	fmt.Println("one who waits:", s.Acquire(ctx), "want", context.DeadlineExceeded)

	fmt.Println("back:", s.Release(), "want <nil>")
	fmt.Println("back again:", s.Release(), "want", semaphore.ErrReleased)
}

func ExampleForEach() {
	squares := make([]int, 5)
	err := semaphore.ForEach(context.Background(), 2, []int{0, 1, 2, 3, 4}, func(i int) {
		squares[i] = i * i // at most two of these at a time
	})
	fmt.Println(squares, err, "want [0 1 4 9 16] <nil>")
}

func ExampleWeighted() {
	w := semaphore.NewWeighted(10)
	w.Acquire(context.Background(), 7)
	fmt.Println("4 more:", w.TryAcquire(4), "want false")
	fmt.Println("3 more:", w.TryAcquire(3), "want true")
	fmt.Println("11:", w.Acquire(context.Background(), 11), "want", semaphore.ErrTooLarge)
	fmt.Println("all back:", w.Release(10), "want <nil>")
}
