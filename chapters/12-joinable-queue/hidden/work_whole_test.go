//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	joinable "lockstep/chapters/12-joinable-queue"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// alike is a task that looks like every other of its kind.
type alike struct{ a, b int }

func (alike) String() string { return "alike" }

// everything checks that all tasks are visited once that can be found from start.
func everything[T comparable](t *testing.T, start []T, links map[T][]T, all ...T) {
	t.Helper()
	interleave.Explore(t, func(t *testing.T) {
		var mu sync.Mutex
		visits := map[T]int{}
		err := joinable.Crawl(background, 2, start, func(task T) ([]T, error) {
			mu.Lock()
			defer mu.Unlock()
			visits[task]++
			return links[task], nil
		})
		call := fmt.Sprintf("Crawl(ctx, 2, %#v, visit)", start)
		exam.Error(t, call, err, nil, "no visit failed")
		for _, task := range all {
			exam.Equal(t, fmt.Sprintf("visits of %#v, of type %T,", task, task), visits[task], 1, call+", from where it can be found")
		}
		exam.Equal(t, "different tasks that were visited", len(visits), len(all), call)
	}, interleave.Schedules(10), interleave.Preemptions(0), interleave.Budget(20))
}

// TestCrawlOnce checks that each task is visited once, whoever finds it, and whatever it is.
//
//grade:todo 12.5
//grade:points 2
//grade:needs TestCrawl
func TestCrawlOnce(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) { // two find it at the same time
		c := &crawl{site: site{1: {3}, 2: {3}}}
		const call = "Crawl(ctx, 2, {1, 2}, visit)"
		exam.Error(t, call, joinable.Crawl(background, 2, []int{1, 2}, c.visit), nil, "no visit failed")
		c.once(t, 3, call)
	}, interleave.Schedules(300))
	everything(t, []int{1}, map[int][]int{1: {0, -1}, 0: {1, 2}}, 1, 0, -1, 2)
	everything(t, []string{""}, map[string][]string{"": {"a", " "}, "a": {"", "A"}}, "", "a", " ", "A")
	everything[any](t, []any{1, nil}, map[any][]any{1: {"1", int64(1), 1.0}, nil: {"<nil>", ""}}, 1, nil, "1", int64(1), 1.0, "<nil>", "")
	everything(t, [][2]string{{"a b", "c"}, {"a", "b c"}}, nil, [2]string{"a b", "c"}, [2]string{"a", "b c"})
	everything(t, []alike{{1, 2}}, map[alike][]alike{{1, 2}: {{2, 1}, {}}}, alike{1, 2}, alike{2, 1}, alike{})
	one, another := &alike{1, 2}, &alike{1, 2}
	everything(t, []*alike{one}, map[*alike][]*alike{one: {nil, another}}, one, another, nil)
	var start, found []int
	for i := range many {
		start, found = append(start, i), append(found, many+i)
	}
	var mu sync.Mutex
	visits := map[int]int{}
	var err error
	call := fmt.Sprintf("Crawl(ctx, 2, {0, 1, 2, …, %d}, visit)", many-1)
	when := fmt.Sprintf("the visit of 0 finds %d others", many)
	exam.Within(t, fmt.Sprintf("%s, whose visit of 0 finds %d others", call, many), func() {
		err = joinable.Crawl(background, 2, start, func(task int) ([]int, error) {
			mu.Lock()
			defer mu.Unlock()
			visits[task]++
			if task == 0 {
				return found, nil
			}
			return nil, nil
		})
	})
	exam.Error(t, call, err, nil, when)
	for task := range 2 * many {
		if !exam.Equal(t, fmt.Sprintf("%s, visits of %d", call, task), visits[task], 1, when) {
			break // one is enough
		}
	}
}

// TestCrawlApart checks that a Crawl has nothing to do with another one, after it, beside it or in a visit of it.
//
//grade:todo 12.5
//grade:points 1
//grade:needs TestCrawlError
func TestCrawlApart(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) { // after it
		spare := []int{1, 4, 5, 6, 99, 99, 99, 99} // what is behind the end of a slice is not to be changed, either
		start, links := spare[:2], site{4: spare[:4], 5: {6, 5, 7}, 6: {1, 4}}
		before := fmt.Sprint(start, links, spare)
		for _, from := range [][]int{start, {4}, {5, 4}} {
			c := &crawl{site: links}
			call := fmt.Sprintf("Crawl(ctx, 1, %v, visit)", from)
			exam.Error(t, call, joinable.Crawl(background, 1, from, c.visit), nil, "no visit failed")
			for _, page := range []int{1, 4, 5, 6, 7} {
				exam.Equal(t, fmt.Sprintf("visits of %d", page), c.visits[page].Load(), 1, call+", after others with the same links, which were "+before)
			}
			exam.Equal(t, "start and the links", fmt.Sprint(start, links, spare), before, call+" has returned, which only reads them")
		}
	}, interleave.Schedules(1))
	for workers := 1; workers <= 2; workers++ {
		interleave.Explore(t, func(t *testing.T) { // in a visit of it
			inner := &crawl{site: site{1: {2}}}
			outer := &crawl{site: site{1: {2}, 2: {3}}, during: func(page int) error {
				if page == 2 {
					return joinable.Crawl(background, workers, []int{1}, inner.visit)
				}
				return nil
			}}
			call := fmt.Sprintf("Crawl(ctx, %d, {1}, visit), whose visit of 2 calls another Crawl,", workers)
			exam.Error(t, call, joinable.Crawl(background, workers, []int{1}, outer.visit), nil, "no visit failed")
			outer.once(t, 3, call)
			inner.once(t, 2, "the Crawl in the visit of 2")
		}, interleave.Schedules(50), interleave.Preemptions(0), interleave.Budget(100))
	}
	interleave.Explore(t, func(t *testing.T) { // beside it
		start, links := []int{1, 2, 1}, site{1: {2, 3}, 2: {2, 3}}
		ctx, cancel := context.WithCancel(background)
		over := make(chan struct{})
		failing := &crawl{site: links, during: func(int) error { return errVisit }}
		long := &crawl{site: links, during: func(page int) error {
			if page == 1 {
				<-over
			}
			return nil
		}}
		short := &crawl{site: links}
		exam.Together(
			func() {
				exam.Error(t, "Crawl(ctx, 2, {1, 2, 1}, visit)", joinable.Crawl(ctx, 2, start, long.visit), nil, "no visit failed, and ctx did not end before the end")
				cancel()
			},
			func() {
				const when = "while another Crawl waits for a visit"
				exam.Error(t, "Crawl(ctx, 1, {1, 2, 1}, visit)", joinable.Crawl(background, 1, start, failing.visit), errVisit, "the visits fail, "+when)
				exam.Error(t, "Crawl(ctx, 2, {1, 2, 1}, visit)", joinable.Crawl(background, 2, start, short.visit), nil, "no visit failed, "+when)
				close(over)
			},
		)
		long.once(t, 3, "Crawl(ctx, 2, {1, 2, 1}, visit)")
		short.once(t, 3, "Crawl(ctx, 2, {1, 2, 1}, visit)")
	}, interleave.Schedules(100), interleave.Preemptions(0), interleave.Budget(200))
}

// ofOne fails the test unless got is one of errs, and only one: all of them at once are none of them.
func ofOne(t *testing.T, call string, got error, when string, errs ...error) {
	t.Helper()
	is := 0
	for _, err := range errs {
		if errors.Is(got, err) {
			is++
		}
	}
	if is != 1 {
		t.Errorf("%s = error %q, which is %d of the errors %q, want 1: %s", call, fmt.Sprint(got), is, errs, when)
	}
}
