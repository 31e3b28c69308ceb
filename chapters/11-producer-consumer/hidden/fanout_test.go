//go:build grade

package hidden

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	producer "lockstep/chapters/11-producer-consumer"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// filled returns a closed channel with the items in it.
func filled[T any](items ...T) <-chan T {
	c := make(chan T, len(items))
	for _, item := range items {
		c <- item
	}
	close(c)
	return c
}

// TestConsume checks that work is called for each item, once, and Consume returns when the last call has.
//
//grade:todo 11.2
//grade:points 2
func TestConsume(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		calls := make([]int, 3)
		items := make(chan int)
		go func() {
			for i := range calls {
				items <- i
			}
			close(items)
		}()
		producer.Consume(items, 2, func(i int) {
			settle()
			calls[i]++
		})
		exam.Equal(t, "calls of work for items 0, 1 and 2 that have returned", list(calls), "1 1 1", "Consume(items, 2, work) has returned")
	})
	interleave.Explore(t, func(t *testing.T) {
		var none exam.Count
		producer.Consume(filled[string](), 2, func(string) { none.Add() })
		exam.Equal(t, "calls of work", none.Load(), 0, "items was closed without an item in it")
		producer.Consume(filled("a"), 3, func(string) { none.Add() })
		exam.Equal(t, "calls of work", none.Load(), 1, "there is one item, for 3 workers")
		var each exam.Count
		producer.Consume(filled[any](nil, 0, "", "a"), 1, func(any) { each.Add() })
		exam.Equal(t, "calls of work", each.Load(), 4, `there are 4 items: nil, 0, "" and a`)
	})
	interleave.Explore(t, func(t *testing.T) {
		var calls exam.Count
		items := make(chan string)
		exam.Together(
			func() { producer.Consume(items, 1, func(string) { calls.Add() }) },
			func() {
				runtime.Gosched()
				items <- "a"
				close(items)
			},
		)
		exam.Equal(t, "calls of work", calls.Load(), 1, "Consume(items, 1, work); the only item comes after days")
	}, interleave.DaysMayPass(), interleave.Schedules(0))
}

// TestConsumeWorkers checks that as many calls of work run at the same time as there are workers, and no more.
//
//grade:todo 11.2
//grade:points 2
//grade:needs TestConsume
func TestConsumeWorkers(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var working exam.Peak
		producer.Consume(filled(1, 2, 3), 2, func(int) {
			working.Enter()
			settle()
			working.Leave()
		})
		exam.Equal(t, "calls of work at the same time", working.Most(), 2, "Consume(items, 2, work), with 3 items")
	})
	interleave.Once(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, many, fmt.Sprintf("calls of work, of Consume(items, %d, work)", many))
		producer.Consume(filled(make([]int, many)...), many, func(int) { all.Meet() })
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = "Consume(items, 1, work); the items come as a, b, c"
		var mu sync.Mutex // the order matters here, not what orders it
		var order []string
		var working exam.Peak
		producer.Consume(filled("a", "b", "c"), 1, func(item string) {
			working.Enter()
			defer working.Leave()
			mu.Lock()
			defer mu.Unlock()
			order = append(order, item)
		})
		exam.Equal(t, "calls of work at the same time", working.Most(), 1, when)
		exam.Equal(t, "calls of work", list(order), "a b c", when)
	})
	interleave.Explore(t, func(t *testing.T) {
		long := exam.NewRendezvous(t, 2, "work(1), which takes long, and work(3), which may begin when work(2) has ended, of Consume(items, 2, work)")
		producer.Consume(filled(1, 2, 3), 2, func(i int) {
			if i != 2 {
				long.Meet()
			}
		})
	})
	interleave.Explore(t, func(t *testing.T) {
		beside(t, "Consume(items, 2, work), with a and b,", []func(){
			func() { producer.Consume(feed(second), 2, func(string) {}) },
			func() { producer.Consume(filled("c"), 1, func(string) { time.Sleep(second) }) },
		}, func() { producer.Consume(filled("a", "b"), 2, func(string) {}) })
	}, clockwork...)
}

// TestConsumeReceivesWhenFree checks that an item stays with its sender as long as all workers are busy.
//
//grade:todo 11.2
//grade:points 2
//grade:needs TestConsumeWorkers
func TestConsumeReceivesWhenFree(t *testing.T) {
	for _, workers := range []int{1, 2} {
		interleave.Explore(t, func(t *testing.T) {
			const call = "items received from a channel without room"
			var sent exam.Count
			items, end := make(chan int), make(chan struct{})
			go func() {
				for i := range workers + 2 {
					items <- i
					sent.Add()
				}
				close(items)
			}()
			exam.Together(
				func() { producer.Consume(items, workers, func(int) { <-end }) },
				func() {
					settle()
					exam.Equal(t, call, sent.Load(), workers, "each worker is busy with one")
					end <- struct{}{}
					settle()
					exam.Equal(t, call, sent.Load(), workers+1, "each worker is busy, after one call of work has returned")
					close(end)
				},
			)
		}, crowd...)
	}
}
