package joinable_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	joinable "lockstep/chapters/12-joinable-queue"
)

// The examples show how the chapter's types are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/12-joinable-queue
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleQueue()
		ExampleQueue_ShutdownNow()
		ExampleCrawl()
	}
}

func ExampleQueue() {
	ctx := context.Background()
	q := joinable.New[string]()
	var worker sync.WaitGroup
	for _, dish := range []string{"soup", "fish", "cake"} {
		q.Put(dish)
	}
	worker.Go(func() {
		for range 3 {
			dish, _ := q.Get(ctx)
			fmt.Print(dish, " ")
			q.Done()
		}
	})
	fmt.Println("joined:", q.Join(ctx), "unfinished:", q.Unfinished(), "want soup fish cake first, then <nil> and 0")
	worker.Wait()

	q.Shutdown()
	_, err := q.Get(ctx)
	fmt.Println(errors.Is(err, joinable.ErrShutdown), "want true")
}

func ExampleQueue_ShutdownNow() {
	q := joinable.New[string]()
	q.Put("soup")
	q.Put("fish")
	fmt.Println("left:", q.ShutdownNow(), "want [soup fish]")
	fmt.Println("unfinished:", q.Unfinished(), "want 0")
}

func ExampleCrawl() {
	var mu sync.Mutex
	var numbers []int
	double := func(n int) ([]int, error) {
		mu.Lock()
		defer mu.Unlock()
		numbers = append(numbers, n)
		if n > 10 {
			return nil, nil
		}
		return []int{2 * n, 2*n + 1}, nil
	}
	err := joinable.Crawl(context.Background(), 3, []int{3}, double)
	slices.Sort(numbers)
	fmt.Println(numbers, err, "want [3 6 7 12 13 14 15] <nil>")
}
