package join_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	join "lockstep/chapters/04-join"
)

// The examples show how the chapter's functions are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/04-join
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleAll()
		ExampleGroup()
		ExampleGroup_WaitTimeout()
	}
}

func ExampleAll() {
	var sizes [2]int
	join.All(
		func() { sizes[0] = len("a.iso") },
		func() { sizes[1] = len("boot.iso") },
	)
	fmt.Println(sizes, "want [5 8]")
}

func ExampleGroup() {
	g := join.New(context.Background())
	g.Go(func(ctx context.Context) error {
		<-ctx.Done() // until another member fails
		return ctx.Err()
	})
	g.Go(func(context.Context) error { return errors.New("disk full") })
	fmt.Println(g.Wait(), "want disk full")
}

func ExampleGroup_WaitTimeout() {
	g := join.New(context.Background())
	g.Go(func(context.Context) error {
		time.Sleep(50 * time.Millisecond)
		return nil
	})
	if err := g.WaitTimeout(time.Millisecond); errors.Is(err, join.ErrTimeout) {
		fmt.Println("not yet")
	}
	fmt.Println(g.Wait(), "want <nil>")
}
