package queue_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	queue "lockstep/chapters/10-queue"
)

// The examples show how the chapter's types are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/10-queue
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleNewFIFO()
		ExampleNewPriority()
		ExampleQueue_Put()
		ExampleQueue_Get()
	}
}

func ExampleNewFIFO() {
	for _, q := range []queue.Queue[string]{queue.NewFIFO[string](2), queue.NewLIFO[string](2)} {
		q.TryPut("first")
		q.TryPut("last")
		if err := q.TryPut("too late"); errors.Is(err, queue.ErrFull) {
			fmt.Println("no room")
		}
		item, err := q.TryGet()
		fmt.Println(item, err, "want first from the one, last from the other")
	}
}

func ExampleNewPriority() {
	shorter := func(a, b string) int { return len(a) - len(b) }
	q := queue.NewPriority(0, shorter)
	for _, word := range strings.Fields("the owl and a cat") {
		q.TryPut(word)
	}
	for range 5 {
		word, _ := q.TryGet()
		fmt.Print(word, " ")
	}
	fmt.Println("want a the owl and cat")
}

func ExampleQueue_Put() {
	q := queue.NewFIFO[int](1)
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 3 {
			q.Put(context.Background(), i) // never more than one ahead
		}
	})
	for range 3 {
		i, err := q.Get(context.Background())
		fmt.Print(i, " ", err, ", ")
	}
	wg.Wait()
	fmt.Println("want 0 1 2, and no errors")
}

func ExampleQueue_Get() {
	q := queue.NewFIFO[string](1)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	_, err := q.Get(ctx)
	fmt.Println(err, "want", context.DeadlineExceeded)
}
