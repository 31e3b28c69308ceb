//go:build grade

package hidden

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	producer "lockstep/chapters/11-producer-consumer"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// line is a Line of which only the numbers and the producers matter.
func line(room, workers, size int, store func([]string) error, producers ...producer.Producer[string]) producer.Line[string, string] {
	return producer.Line[string, string]{
		Producers: producers, Room: room, Workers: workers, Work: strings.ToUpper, Size: size, Wait: second, Store: store,
	}
}

// TestRun checks that everything that is put is worked on and stored, also the last, partial batch, and then Run returns.
//
//grade:todo 11.5
//grade:points 2
//grade:needs TestProduceCloses TestProduceInOrder TestPutWaitsForRoom TestConsumeReceivesWhenFree TestBatchesAreTheFlushers TestBatchOnTheDot TestBatchHoldsBack
func TestRun(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "3 producers put a1 a2, b and c; 2 workers make capitals of them, which are stored 3 at a time"
		var sizes []int
		var stored []string
		returned := make([]bool, 3)
		from := func(p int, items ...string) producer.Producer[string] {
			return func(put func(string) error) {
				puts(items...)(put)
				returned[p] = true
			}
		}
		l := line(1, 2, 3, func(results []string) error {
			sizes = append(sizes, len(results))
			stored = append(stored, results...)
			return nil
		}, from(0, "a1", "a2"), from(1, "b"), from(2, "c"))
		err := l.Run(endless())
		exam.Error(t, "Run(ctx)", err, nil, when)
		exam.Equal(t, "what has been stored", sorted(stored), "A1 A2 B C", when)
		exam.Equal(t, "results in each call of Store", list(sizes), "3 1", when)
		exam.Equal(t, "producers that have returned", list(returned), "true true true", "Run has returned")
	}, crowd...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "a at 0s, b at 0.5s, c at 1s, d at 3s, end at 3.2s; stored 2 at a time, or when the first has waited 1s"
		stored := openBook()
		l := line(0, 1, 2, stored.write, func(put func(string) error) {
			put("a")
			time.Sleep(5 * tenth)
			put("b")
			time.Sleep(5 * tenth)
			put("c")
			time.Sleep(2 * second)
			put("d")
			time.Sleep(2 * tenth)
		})
		err := l.Run(background)
		exam.Error(t, "Run(ctx)", err, nil, when)
		exam.Equal(t, "calls of Store", stored.String(), "500ms A B, 2s C, 3.2s D", when)
	})
	for _, c := range timings {
		_, end, _ := strings.Cut(c.when, "end at ")
		if d, _ := time.ParseDuration(end); d > 3*second {
			continue // for several goroutines that poll it is too long
		}
		interleave.Explore(t, func(t *testing.T) {
			when := c.when + "; stored 4 at a time, or when the first has waited 1s"
			stored, day := openBook(), open()
			l := line(0, 1, 4, stored.write, paced(c.feed...))
			l.Work = strings.ToLower // of small letters
			exam.Error(t, "Run(ctx)", l.Run(exam.Endless()), nil, when)
			exam.Equal(t, "calls of Store", stored.String(), c.want, when)
			exam.Equal(t, "time when Run returns", day.now(), duration(end), when)
		}, clockwork...)
	}
	interleave.Explore(t, func(t *testing.T) {
		stored := openBook()
		exam.Error(t, "Run(ctx)", line(1, 1, 1, stored.write).Run(background), nil, "there are no producers")
		exam.Equal(t, "calls of Store", stored.String(), "none", "there are no producers")
	})
	interleave.Explore(t, func(t *testing.T) {
		stored := 0
		l := producer.Line[string, error]{
			Producers: []producer.Producer[string]{puts("a", "b", "c")}, Workers: 1, Size: 2, Wait: second,
			Work:  func(string) error { return nil },
			Store: func(results []error) error { stored += len(results); return nil },
		}
		exam.Error(t, "Run(ctx)", l.Run(background), nil, "3 items are worked on, and the result of each is nil")
		exam.Equal(t, "results stored", stored, 3, "3 items are worked on, and the result of each is nil")
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = "a line with room for none, 1 worker, one result at a time; the first call of Store takes days"
		var stored []string
		err := line(0, 1, 1, func(results []string) error {
			if stored = append(stored, results...); len(stored) == 1 {
				runtime.Gosched()
			}
			return nil
		}, puts("a", "b", "c", "d")).Run(endless())
		exam.Error(t, "Run(ctx)", err, nil, when)
		exam.Equal(t, "what has been stored", list(stored), "A B C D", when)
	}, interleave.DaysMayPass(), interleave.Schedules(0))
}

// TestRunSideBySide checks that all parts of the line work at the same time, with so many workers.
//
//grade:todo 11.5
//grade:points 2
//grade:needs TestRun
func TestRunSideBySide(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, 3, "Store(A), Work(b) and the producer after put(b), on a line with 1 worker")
		l := line(0, 1, 1, func(results []string) error {
			if results[0] == "A" {
				all.Meet()
			}
			return nil
		}, func(put func(string) error) {
			put("a")
			put("b")
			all.Meet()
		})
		l.Work = func(item string) string {
			if item == "b" {
				all.Meet()
			}
			return strings.ToUpper(item)
		}
		l.Run(background)
	}, crowd...)
	interleave.Explore(t, func(t *testing.T) {
		var working, storing exam.Peak
		l := line(1, 2, 1, func([]string) error {
			storing.Enter()
			settle()
			storing.Leave()
			return nil
		}, puts("a", "b", "c"))
		l.Work = func(item string) string {
			working.Enter()
			settle()
			working.Leave()
			return item
		}
		l.Run(background)
		exam.Equal(t, "calls of Work at the same time", working.Most(), 2, "a line with 2 workers, and 3 items")
		exam.Equal(t, "calls of Store at the same time", storing.Most(), 1, "a line with 2 workers, and 3 items")
	}, crowd...)
	interleave.Explore(t, func(t *testing.T) {
		stored := openBook()
		l := line(1, 1, 1, stored.write, puts("a", "b"))
		beside(t, "Run, twice, of a line with a and b,", []func(){
			func() {
				line(0, 1, 1, func([]string) error {
					time.Sleep(second)
					return errDisk
				}, puts("c")).Run(background)
			},
			func() { line(0, 1, 1, openBook().write, paced(second)).Run(background) },
		}, func() {
			for range 2 {
				exam.Error(t, "Run(ctx)", l.Run(background), nil, "another line fails, at 1s")
			}
		})
		exam.Equal(t, "calls of Store", stored.String(), "0s A, 0s B, 0s A, 0s B", "a line with a and b has run twice, one item at a time")
	}, clockwork...)
}

// TestRunHoldsBack checks that the producers feel how slow Store is, and nothing piles up.
//
//grade:todo 11.5
//grade:points 3
//grade:needs TestRun
func TestRunHoldsBack(t *testing.T) {
	for _, c := range []struct{ room, workers, size int }{{0, 1, 1}, {2, 1, 2}, {0, 3, 1}} {
		interleave.Explore(t, func(t *testing.T) {
			items := c.room + c.workers + c.size + 2
			when := fmt.Sprintf("the first call of Store takes long; Room is %d, Workers %d, Size %d, and there are %d items", c.room, c.workers, c.size, items)
			var put, worked, stored exam.Count
			l := line(c.room, c.workers, c.size, func(results []string) error {
				time.Sleep(tenth)
				for range results {
					stored.Add()
				}
				return nil
			}, func(p func(string) error) {
				for range items {
					p("a")
					put.Add()
				}
			})
			l.Work = func(item string) string {
				worked.Add()
				return item
			}
			exam.Together(
				func() { l.Run(background) },
				func() {
					settle()
					exam.Equal(t, "calls of Work", worked.Load(), c.size+c.workers, when)
					exam.Equal(t, "calls of put that have returned", put.Load(), c.size+c.workers+c.room, when)
				},
			)
			exam.Equal(t, "results stored", stored.Load(), items, when+"; Run has returned")
		}, interleave.Schedules(100), interleave.Budget(200))
	}
}

// TestRunContext checks that when its context ends the line takes no more, and loses nothing of what it has.
//
//grade:todo 11.5
//grade:points 3
//grade:needs TestRun TestPutTellsTheTruth
func TestRunContext(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "ctx ends at 0.1s, while A B is being stored; C is done, d and e wait, and put(f) waits for room"
		ctx, cancel := context.WithTimeout(background, tenth)
		defer cancel()
		stored := openBook()
		var put error
		l := line(2, 1, 2, stored.slowly(3*tenth), func(p func(string) error) {
			puts("a", "b", "c", "d", "e")(p)
			put = p("f")
		})
		l.Wait = 60 * second
		err := l.Run(ctx)
		exam.Error(t, `put("f")`, put, context.DeadlineExceeded, when)
		exam.Error(t, "Run(ctx)", err, context.DeadlineExceeded, when)
		exam.Equal(t, "calls of Store, which take 0.3s each", stored.String(), "0s A B, 300ms C D, 600ms E", when)
	}, crowd...)
	for _, c := range []struct {
		rests time.Duration
		want  string
	}{
		{2 * tenth, "200ms A"},
		{3 * second, "1s A"},
	} {
		interleave.Explore(t, func(t *testing.T) {
			when := fmt.Sprintf("a is put at 0s, ctx ends at 0.1s, and the producer returns at %s, without another put; results wait for 1s", c.rests)
			ctx, cancel := context.WithTimeoutCause(background, tenth, errDisk)
			defer cancel()
			stored := openBook()
			err := line(1, 1, 2, stored.write, paced("a", c.rests)).Run(ctx)
			exam.Error(t, "Run(ctx)", err, context.DeadlineExceeded, when)
			exam.Equal(t, "calls of Store", stored.String(), c.want, when)
		}, few)
	}
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(background)
		var put, stored []string
		l := line(1, 2, 2, func(results []string) error {
			stored = append(stored, results...)
			return nil
		}, func(p func(string) error) {
			for _, item := range []string{"A", "B", "C"} {
				if p(item) != nil {
					return
				}
				put = append(put, item)
			}
		})
		go cancel()
		err := l.Run(ctx)
		exam.Equal(t, "what has been stored", sorted(stored), list(put), "put returned nil for these, while ctx was cancelled")
		if len(put) < 3 {
			exam.Error(t, "Run(ctx)", err, context.Canceled, "ctx was cancelled, and put returned an error")
		} else if err != nil {
			exam.Error(t, "Run(ctx)", err, context.Canceled, "ctx is cancelled meanwhile")
		}
	}, crowd...)
	interleave.Explore(t, func(t *testing.T) {
		stored := openBook()
		var put error
		err := line(1, 1, 1, stored.write, func(p func(string) error) { put = p("a") }).Run(ended())
		exam.Error(t, `put("a")`, put, context.Canceled, "ctx had ended before, and there is a producer")
		exam.Error(t, "Run(ctx)", err, context.Canceled, "ctx had ended before, and there is a producer")
		exam.Equal(t, "calls of Store", stored.String(), "none", "ctx had ended before")
	})
}

// TestRunStoreFails checks that nobody stays blocked when Store fails, and Run returns its error.
//
//grade:todo 11.5
//grade:points 3
//grade:needs TestRun TestFirstQuits TestBatchError
func TestRunStoreFails(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "2 producers put 3 items each, as long as put returns nil; 2 workers; the first call of Store fails"
		calls := 0
		store := func([]string) error {
			calls++
			return errDisk
		}
		err := line(0, 2, 1, store, puts("a", "b", "c"), puts("d", "e", "f")).Run(background)
		exam.Error(t, "Run(ctx)", err, errDisk, when)
		exam.Equal(t, "calls of Store", calls, 1, when)
	}, crowd...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "Store(A) fails at 1s, while Work(b) takes until 2s; put(c) comes at 3s"
		day := open()
		worked := false
		var put error
		l := line(0, 2, 2, func([]string) error { return errDisk }, func(p func(string) error) {
			p("a")
			p("b")
			time.Sleep(3 * second)
			put = p("c")
		})
		l.Work = func(item string) string {
			if item == "b" {
				time.Sleep(2 * second)
				worked = true
			}
			return item
		}
		exam.Error(t, "Run(ctx)", l.Run(background), errDisk, when)
		exam.Equal(t, "Work(b) has returned", worked, true, "Run has returned")
		exam.Equal(t, "time when Run returns", day.now(), "3s", when)
		if put == nil {
			t.Errorf(`put("c") = no error, want one: %s`, when)
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(background)
		l := line(1, 1, 9, func([]string) error { return errDisk }, func(p func(string) error) {
			p("a")
			cancel()
		})
		exam.Error(t, "Run(ctx)", l.Run(ctx), errDisk, "ctx is cancelled after put(a), and then the only call of Store fails")
	})
	for _, c := range []struct {
		when string
		size int
		more bool // whether the producer puts more, later
	}{
		{"put(a), put(b) at 2s, end at 4s; Store of a, which is a full batch, fails at 0s", 1, true},
		{"put(a), put(b) at 2s, end at 4s; Store of a, which has waited for 1s, fails", 2, true},
		{"put(a), end at 0s; Store of a, which is the rest, fails", 2, false},
	} {
		for _, failure := range failures {
			interleave.Explore(t, func(t *testing.T) {
				when := fmt.Sprintf("%s with error %q; ctx ends at 3s", c.when, failure)
				ctx, cancel := context.WithTimeout(background, 3*second)
				defer cancel()
				calls := 0
				err := line(1, 1, c.size, func([]string) error {
					calls++
					return failure
				}, func(put func(string) error) {
					put("a")
					if !c.more {
						return
					}
					time.Sleep(2 * second)
					if put("b") == nil {
						t.Errorf(`put("b") = no error, want one: %s`, when)
					}
					time.Sleep(2 * second)
				}).Run(ctx)
				exam.Error(t, "Run(ctx)", err, failure, when)
				exam.Equal(t, "calls of Store", calls, 1, when)
			}, clockwork...)
		}
	}
}
