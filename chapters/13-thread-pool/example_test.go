package pool_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	pool "lockstep/chapters/13-thread-pool"
)

// The examples show how the chapter's functions are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/13-thread-pool
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleSubmit()
		ExampleMap()
		ExampleAsCompleted()
		ExamplePool_Shutdown()
	}
}

// square is a slow way to multiply.
func square(_ context.Context, n int) (int, error) {
	time.Sleep(time.Duration(n) * time.Millisecond)
	return n * n, nil
}

func ExampleSubmit() {
	ctx := context.Background()
	p := pool.New(2, 10)
	defer p.Close()

	future, err := pool.Submit(ctx, p, func(ctx context.Context) (int, error) { return square(ctx, 7) })
	fmt.Println("accepted:", err, "want <nil>")
	value, err := future.Result(ctx)
	fmt.Println("result:", value, err, "want 49 <nil>")

	future, _ = pool.Submit(ctx, p, func(context.Context) (int, error) { panic("no numbers left") })
	_, err = future.Result(ctx)
	fmt.Println("after a panic:", err, "want panic: no numbers left")
}

func ExampleMap() {
	p := pool.New(2, 0)
	defer p.Close()
	squares, err := pool.Map(context.Background(), p, []int{3, 1, 2}, square)
	fmt.Println(squares, err, "want [9 1 4] <nil>")
}

func ExampleAsCompleted() {
	ctx := context.Background()
	p := pool.New(2, 0)
	defer p.Close()
	slow, _ := pool.Submit(ctx, p, func(ctx context.Context) (int, error) { return square(ctx, 30) })
	fast, _ := pool.Submit(ctx, p, func(ctx context.Context) (int, error) { return square(ctx, 1) })
	for future := range pool.AsCompleted(ctx, slow, fast) {
		value, _ := future.Result(ctx)
		fmt.Println("the next one:", value) // want 1, then 900
	}
}

func ExamplePool_Shutdown() {
	ctx := context.Background()
	p := pool.New(1, 5)
	future, _ := pool.Submit(ctx, p, func(ctx context.Context) (int, error) { return square(ctx, 5) })
	fmt.Println("all done:", p.Shutdown(ctx), "want <nil>")
	value, _ := future.Result(ctx)
	fmt.Println("result:", value, "want 25")
	_, err := pool.Submit(ctx, p, func(context.Context) (int, error) { return 0, nil })
	fmt.Println("refused:", errors.Is(err, pool.ErrClosed), "want true")
}
