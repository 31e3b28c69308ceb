//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	joinable "lockstep/chapters/12-joinable-queue"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// A site says which pages a page links to.
type site map[int][]int

// A crawl is what is known of the visits of one Crawl.
type crawl struct {
	site    site
	visits  [20]exam.Count // by page
	visited [20]bool       // by page; written by its visit
	running exam.Peak
	during  func(page int) error // called by each visit, if there is one
}

func (c *crawl) visit(page int) ([]int, error) {
	c.running.Enter()
	defer c.running.Leave()
	c.visits[page].Add()
	if c.during != nil {
		if err := c.during(page); err != nil {
			return c.site[page], err
		}
	}
	c.visited[page] = true
	return c.site[page], nil
}

// once checks that the pages up to last have been visited once each, and visits have returned.
func (c *crawl) once(t *testing.T, last int, call string) {
	t.Helper()
	for page := 1; page <= last; page++ {
		exam.Equal(t, fmt.Sprintf("visits of %d", page), c.visits[page].Load(), 1, fmt.Sprintf("%s, with the links %v", call, c.site))
		exam.Equal(t, fmt.Sprintf("visit of %d has returned", page), c.visited[page], true, call+" has returned")
	}
}

// TestCrawl checks that everything is visited that can be found, and once.
//
//grade:todo 12.5
//grade:points 2
func TestCrawl(t *testing.T) {
	for workers := 1; workers <= 3; workers++ {
		interleave.Explore(t, func(t *testing.T) {
			call := fmt.Sprintf("Crawl(ctx, %d, {1, 2, 1}, visit)", workers)
			c := &crawl{site: site{1: {3, 1}, 2: {3, 4, 4}, 3: {2}, 4: {}}}
			exam.Error(t, call, joinable.Crawl(background, workers, []int{1, 2, 1}, c.visit), nil, "no visit failed")
			c.once(t, 4, call)
			none := &crawl{}
			exam.Error(t, "Crawl(ctx, 1, nil, visit)", joinable.Crawl(background, 1, nil, none.visit), nil, "there is nothing to visit")
			exam.Equal(t, "visits", none.running.Most(), 0, "Crawl(ctx, 1, nil, visit)")
		}, interleave.Schedules(100), interleave.Preemptions(1))
	}
}

// TestCrawlLateTasks checks that Crawl is not over while somebody still finds something.
//
//grade:todo 12.5
//grade:points 3
//grade:needs TestCrawl
func TestCrawlLateTasks(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		c := &crawl{site: site{1: {2}, 2: {3}}}
		const call = "Crawl(ctx, 2, {1}, visit)"
		exam.Error(t, call, joinable.Crawl(background, 2, []int{1}, c.visit), nil, "no visit failed")
		c.once(t, 3, call)
	}, interleave.Schedules(300))
}

// TestCrawlSideBySide checks that as many visits run at the same time as there are workers and tasks.
//
//grade:todo 12.5
//grade:points 2
//grade:needs TestCrawl
func TestCrawlSideBySide(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, "visits of 2 and 3, which were found by the visit of 1, with 2 workers")
		c := &crawl{site: site{1: {2, 3}}, during: func(page int) error {
			if page == 1 {
				settle() // the other worker finds nothing to do meanwhile
			} else {
				both.Meet()
			}
			return nil
		}}
		joinable.Crawl(background, 2, []int{1}, c.visit)
	}, interleave.Schedules(200))
	interleave.Explore(t, func(t *testing.T) {
		c := &crawl{site: site{1: {2, 3}}, during: func(page int) error {
			if page == 1 {
				runtime.Gosched()
			}
			return nil
		}}
		exam.Error(t, "Crawl(ctx, 1, {1}, visit)", joinable.Crawl(endless(), 1, []int{1}, c.visit), nil, "the visit of 1 takes days, and finds 2 and 3; ctx has not ended")
		c.once(t, 3, "Crawl(ctx, 1, {1}, visit)")
	}, interleave.DaysMayPass())
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, "visits of 4 and 5, which were found by 3, which was found by 2, which was found by 1, with 2 workers")
		c := &crawl{site: site{1: {2}, 2: {3}, 3: {4, 5}}, during: func(page int) error {
			if page < 4 {
				settle() // the other worker finds nothing to do meanwhile
			} else {
				both.Meet()
			}
			return nil
		}}
		joinable.Crawl(background, 2, []int{1}, c.visit)
	}, interleave.Schedules(100), interleave.Preemptions(1))
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, "the visit of 1, which takes long, and that of 4, which was found by 3, which was found by 2, with 2 workers")
		c := &crawl{site: site{2: {3}, 3: {4}}, during: func(page int) error {
			if page == 1 || page == 4 {
				both.Meet()
			}
			return nil
		}}
		joinable.Crawl(background, 2, []int{1, 2}, c.visit)
	}, interleave.Schedules(200), interleave.Preemptions(1))
}

// TestCrawlLimit checks that no more visits run at the same time than there are workers.
//
//grade:todo 12.5
//grade:points 1
//grade:needs TestCrawl
func TestCrawlLimit(t *testing.T) {
	for workers := 1; workers <= 2; workers++ {
		interleave.Explore(t, func(t *testing.T) {
			c := &crawl{site: site{1: {2, 3, 4}}, during: func(int) error {
				settle()
				return nil
			}}
			joinable.Crawl(background, workers, []int{1}, c.visit)
			exam.Equal(t, "visits at the same time", c.running.Most(), workers, fmt.Sprintf("Crawl(ctx, %d, {1}, visit), and 1 links to 2, 3 and 4", workers))
		}, interleave.Schedules(200), interleave.Preemptions(1))
	}
	interleave.Once(t, func(t *testing.T) {
		var began exam.Count
		var running exam.Peak
		call := fmt.Sprintf("Crawl(ctx, %d, {1}, visit), and 1 links to %d others", crowd, crowd+10)
		all := exam.NewRendezvous(t, crowd, "visits, of "+call)
		joinable.Crawl(background, crowd, []int{1}, func(page int) (found []int, err error) {
			running.Enter()
			defer running.Leave()
			if page > 1 {
				if began.Add() == crowd {
					time.Sleep(time.Nanosecond) // whoever else is going to begin has done so
				}
				all.Meet()
				return nil, nil
			}
			for i := range crowd + 10 {
				found = append(found, 2+i)
			}
			return found, nil
		})
		exam.Equal(t, "visits at the same time", running.Most(), crowd, call)
	})
}

var errVisit = errors.New("page not found")

// A failure is an error of another type.
type failure struct{ page int }

func (f failure) Error() string { return fmt.Sprintf("page %d not found", f.page) }

// TestCrawlError checks that the first failure ends it, and what runs is waited for.
//
//grade:todo 12.5
//grade:points 2
//grade:needs TestCrawl
func TestCrawlError(t *testing.T) {
	other, cancel := context.WithTimeout(background, 0) // it is not that of the Crawl
	defer cancel()
	failures := []error{errVisit, ended().Err(), other.Err(), fmt.Errorf("visit: %w", context.Canceled), joinable.ErrShutdown, joinable.ErrDone}
	for _, err := range failures {
		interleave.Explore(t, func(t *testing.T) {
			var failed, late exam.Count
			c := &crawl{site: site{1: {4}, 2: {5}}, during: func(page int) error {
				if failed.Load() > 0 {
					late.Add()
				}
				if page == 2 {
					failed.Add()
					return err
				}
				return nil
			}}
			const call = "Crawl(ctx, 1, {1, 2, 3}, visit)"
			exam.Error(t, call, joinable.Crawl(background, 1, []int{1, 2, 3}, c.visit), err, "the visit of 2 fails")
			exam.Equal(t, "visits that began after that of 2 had failed", late.Load(), 0, call+", and there is one worker")
		}, interleave.Schedules(50))
	}
	interleave.Explore(t, func(t *testing.T) {
		c := &crawl{site: site{1: {2}}, during: func(int) error { return errVisit }}
		exam.Error(t, "Crawl(ctx, 2, {1}, visit)", joinable.Crawl(background, 2, []int{1}, c.visit), errVisit, "the visit of 1 fails, and there is no other")
		exam.Equal(t, "visits of 2", c.visits[2].Load(), 0, "the visit of 1 fails, and returns 2 beside its error; there are two workers")
	}, interleave.Schedules(200))
	interleave.Explore(t, func(t *testing.T) {
		both := exam.NewRendezvous(t, 2, "visits of 1 and 2, with 2 workers")
		another := failure{2}
		c := &crawl{site: site{1: {3}, 2: {3}}, during: func(page int) error {
			both.Meet()
			if page == 1 {
				return errVisit
			}
			return another
		}}
		ofOne(t, "Crawl(ctx, 2, {1, 2}, visit)", joinable.Crawl(background, 2, []int{1, 2}, c.visit), "the visits of 1 and 2 fail", errVisit, another)
		exam.Equal(t, "visits of 3", c.visits[3].Load(), 0, "the visits of 1 and 2 fail, and return 3 beside their errors")
	}, interleave.Schedules(200))
	interleave.Explore(t, func(t *testing.T) {
		c := &crawl{site: site{1: {3}}}
		c.during = func(page int) error {
			if page == 2 {
				return errVisit
			}
			settle() // 2 has failed, and everybody knows it
			return nil
		}
		exam.Error(t, "Crawl(ctx, 2, {1, 2}, visit)", joinable.Crawl(background, 2, []int{1, 2}, c.visit), errVisit, "the visit of 2 fails while that of 1 runs")
		exam.Equal(t, "visit of 1 has returned", c.visited[1], c.visits[1].Load() == 1, "Crawl has returned; the visit of 2 failed while that of 1 ran")
		exam.Equal(t, "visits of 3", c.visits[3].Load(), 0, "it was found by 1 when the visit of 2 had failed")
	}, interleave.Schedules(200))
	interleave.Once(t, func(t *testing.T) {
		var began exam.Count
		gate := make(chan struct{})
		start := make([]int, crowd)
		for i := range start {
			start[i] = i
		}
		err := joinable.Crawl(background, crowd, start, func(int) ([]int, error) {
			if began.Add() == 1 {
				time.Sleep(time.Nanosecond) // all others wait at the gate
				close(gate)
			}
			<-gate
			return nil, errVisit
		})
		exam.Error(t, fmt.Sprintf("Crawl(ctx, %d, start, visit)", crowd), err, errVisit, "as many visits fail, all at the same time")
	})
}

// TestCrawlContext checks that no more visits begin when the context has ended, and what runs is waited for.
//
//grade:todo 12.5
//grade:points 2
//grade:needs TestCrawl
func TestCrawlContext(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		c := &crawl{}
		exam.Error(t, "Crawl(ctx, 2, {1, 2}, visit)", joinable.Crawl(ended(), 2, []int{1, 2}, c.visit), context.Canceled, "ctx was cancelled before")
		exam.Equal(t, "visits at the same time", c.running.Most(), 0, "ctx was cancelled before")
	}, interleave.Schedules(100), interleave.Preemptions(1))
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(background)
		c := &crawl{site: site{1: {2, 3}}, during: func(page int) error {
			cancel(errCause)
			return nil
		}}
		exam.Error(t, "Crawl(ctx, 1, {1}, visit)", joinable.Crawl(ctx, 1, []int{1}, c.visit), context.Canceled, "the visit of 1 cancels ctx, and finds 2 and 3")
		exam.Equal(t, "visits of 2 and 3", c.visits[2].Load()+c.visits[3].Load(), 0, "the visit of 1 has cancelled ctx; there is one worker")
	}, interleave.Schedules(200))
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(background)
		both := exam.NewRendezvous(t, 2, "visits of 1 and 2, with 2 workers")
		c := &crawl{site: site{2: {3}}, during: func(page int) error {
			if page > 2 {
				return nil
			}
			both.Meet()
			if page == 1 {
				cancel()
			}
			settle() // ctx has ended for everybody
			return nil
		}}
		exam.Error(t, "Crawl(ctx, 2, {1, 2}, visit)", joinable.Crawl(ctx, 2, []int{1, 2}, c.visit), context.Canceled, "the visit of 1 cancels ctx while that of 2 runs, and finds 3")
		exam.Equal(t, "visits of 1 and 2 have returned", c.visited[1] && c.visited[2], true, "Crawl has returned, after ctx was cancelled")
		exam.Equal(t, "visits of 3", c.visits[3].Load(), 0, "it was found after ctx had been cancelled")
	}, interleave.Schedules(200))
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeoutCause(background, time.Second, errCause)
		defer cancel()
		c := &crawl{site: site{1: {2}}, during: func(int) error {
			time.Sleep(2 * time.Second)
			return nil
		}}
		exam.Error(t, "Crawl(ctx, 1, {1}, visit)", joinable.Crawl(ctx, 1, []int{1}, c.visit), context.DeadlineExceeded, "ctx ends after a second, when 1 is being visited, which finds 2")
		exam.Equal(t, "visits of 2", c.visits[2].Load(), 0, "it was found when ctx had ended")
	}, interleave.Schedules(50), interleave.Preemptions(1))
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(background)
		c := &crawl{during: func(int) error {
			cancel()
			return errVisit
		}}
		ofOne(t, "Crawl(ctx, 1, {1, 2}, visit)", joinable.Crawl(ctx, 1, []int{1, 2}, c.visit), "the first visit cancels ctx, and fails", errVisit, context.Canceled)
	}, interleave.Schedules(100))
	interleave.Explore(t, func(t *testing.T) {
		c := &crawl{site: site{1: {2}}}
		exam.Error(t, "Crawl(ctx, 2, {1}, visit)", joinable.Crawl(endless(), 2, []int{1}, c.visit), nil, "ctx does not end")
		c.once(t, 2, "Crawl(ctx, 2, {1}, visit)")
	}, interleave.Schedules(100))
}

// TestContextLetGo checks that a call that has returned leaves nobody behind who waits for the end of its context.
//
//grade:todo 12.5
//grade:points 1
//grade:needs TestGetGivesUp TestJoinGivesUp TestShutdownNowWakes TestCrawlError TestCrawlContext
func TestContextLetGo(t *testing.T) {
	interleave.Explore(t, func(*testing.T) {
		q, ctx := joinable.New[string](), exam.Endless()
		exam.Together(
			func() { q.Put("a"); q.Join(ctx) },
			func() { q.Get(ctx); q.Done() },
		)
	}, interleave.Schedules(200))
	interleave.Explore(t, func(*testing.T) { // those who wait are sent home, and those who come later do not wait
		q, now, ctx := joinable.New[string](), joinable.New[string](), exam.Endless()
		q.Put("a")
		now.Put("a")
		exam.Together(
			func() { q.Get(ctx); q.Get(ctx); q.Get(ctx) },
			func() { q.Join(ctx); q.Join(ctx) },
			func() { now.Join(ctx) },
			func() { settle(); q.Shutdown(); q.Done(); now.ShutdownNow() },
		)
	}, interleave.Schedules(20), interleave.Preemptions(0), interleave.Budget(20))
	for _, err := range []error{nil, errVisit} {
		interleave.Explore(t, func(*testing.T) {
			c := &crawl{site: site{1: {2}}, during: func(int) error { return err }}
			joinable.Crawl(exam.Endless(), 2, []int{1}, c.visit)
		}, interleave.Schedules(100), interleave.Preemptions(1))
	}
}
