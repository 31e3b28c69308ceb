package producer_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	producer "lockstep/chapters/11-producer-consumer"
)

// The examples show how the chapter's functions are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/11-producer-consumer
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleProduce()
		ExampleFirst()
		ExampleBatch()
		ExampleLine()
	}
}

// count returns a producer that puts the numbers from one to another.
func count(from, to int) producer.Producer[int] {
	return func(put func(int) error) {
		for i := from; i <= to; i++ {
			if put(i) != nil {
				return
			}
		}
	}
}

func ExampleProduce() {
	items := producer.Produce(context.Background(), 4, count(1, 10), count(11, 20), count(21, 30))
	var sum atomic.Int64
	producer.Consume(items, 2, func(i int) { sum.Add(int64(i)) })
	fmt.Println("sum:", sum.Load(), "want 465")
}

func ExampleFirst() {
	square := func(i int) bool { return i == 1 || i == 4 || i == 9 }
	first, err := producer.First(context.Background(), 2, 3, square, count(1, 1_000_000))
	slices.Sort(first)
	fmt.Println("squares:", first, err, "want two of 1, 4 and 9, and <nil>")
}

func ExampleBatch() {
	items := make(chan int)
	go func() {
		defer close(items)
		for i := range 5 {
			items <- i
		}
		time.Sleep(50 * time.Millisecond)
		items <- 5
	}()
	err := producer.Batch(items, 3, 20*time.Millisecond, func(batch []int) error {
		fmt.Println(batch) // want [0 1 2], soon [3 4], and later [5]
		return nil
	})
	fmt.Println(err, "want <nil>")
}

func ExampleLine() {
	l := producer.Line[int, string]{
		Producers: []producer.Producer[int]{count(1, 3), count(4, 6), count(7, 8)},
		Room:      2,
		Workers:   2,
		Work:      func(i int) string { return fmt.Sprintf("roll %d", i) },
		Size:      3,
		Wait:      time.Second,
		Store: func(results []string) error {
			fmt.Println(len(results), "stored") // want 3, 3 and 2
			return nil
		},
	}
	fmt.Println(l.Run(context.Background()), "want <nil>")
}
