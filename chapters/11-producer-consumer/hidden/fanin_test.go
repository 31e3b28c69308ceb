//go:build grade

package hidden

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	producer "lockstep/chapters/11-producer-consumer"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
	"lockstep/grader/interleave/linearize"
)

func TestMain(m *testing.M) { exam.Main(m) }

const second, tenth = time.Second, time.Second / 10

var background = context.Background()

// settle returns when everybody else has done what can be done without the caller: time
// passes in an exploration only when nobody can run, and whoever polls looks now and then.
func settle() { time.Sleep(10 * time.Millisecond) }

// ended returns a context that has been cancelled already, long before its deadline. Its
// cause is not its error.
func ended() context.Context {
	far, stop := context.WithTimeout(background, 60*second)
	defer stop()
	ctx, cancel := context.WithCancelCause(far)
	cancel(errDisk)
	return ctx
}

// endless returns a context that could end and does not: what waits for that is left behind.
func endless() context.Context {
	ctx, cancel := context.WithCancel(background)
	_ = cancel
	return ctx
}

// puts returns a producer that puts the items as long as somebody wants them.
func puts[T any](items ...T) producer.Producer[T] {
	return func(put func(T) error) {
		for _, item := range items {
			if put(item) != nil {
				return
			}
		}
	}
}

// list writes items in a row, or "none".
func list[T any](items []T) string {
	if len(items) == 0 {
		return "none"
	}
	words := make([]string, len(items))
	for i, item := range items {
		if words[i] = fmt.Sprint(item); words[i] == "" {
			words[i] = `""` // a zero value
		}
	}
	return strings.Join(words, " ")
}

// sorted is list for items that may come in any order.
func sorted(items []string) string { return list(slices.Sorted(slices.Values(items))) }

// rest receives until items is closed.
func rest[T any](items <-chan T) (all []T) {
	for item := range items {
		all = append(all, item)
	}
	return all
}

// TestProduce checks that what all producers put can be received, each item once, and then the channel is closed.
//
//grade:todo 11.1
//grade:points 2
func TestProduce(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		items := producer.Produce(background, 1, puts("a1", "a2"), puts("b"), puts("c"))
		exam.Equal(t, "items received", sorted(rest(items)), "a1 a2 b c", "one producer puts a1, a2, one b, one c")
	})
	interleave.Explore(t, func(t *testing.T) {
		begin := make(chan struct{})
		together := exam.NewRendezvous(t, 2, "producers, of Produce(ctx, 0, ...)")
		written := 0
		one := func(put func(*int) error) {
			<-begin
			together.Meet()
			put(nil)
		}
		items := producer.Produce(background, 0, one, func(put func(*int) error) {
			<-begin
			together.Meet()
			written = 5
			put(&written)
		})
		close(begin) // Produce has returned, and nobody has put anything
		for item := range items {
			if item != nil {
				exam.Equal(t, "*item", *item, 5, "the producer wrote 5 and put the pointer")
			}
		}
	})
	interleave.Explore(t, func(t *testing.T) {
		items := producer.Produce(background, 1, puts[any](nil, 0, "", "a"))
		exam.Equal(t, "number of items received", len(rest(items)), 4, `the producer puts 4: nil, 0, "" and a`)
	}, clockwork...)
	interleave.Once(t, func(t *testing.T) {
		all := exam.NewRendezvous(t, many, "producers, of Produce(ctx, 0, ...)")
		rest(producer.Produce(background, 0, slices.Repeat([]producer.Producer[string]{
			func(func(string) error) { all.Meet() },
		}, many)...))
	})
}

// TestProduceCloses checks that the channel is closed when the last producer has returned, and not before.
//
//grade:todo 11.1
//grade:points 2
//grade:needs TestProduce
func TestProduceCloses(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "one producer returns at 0s without an item, one puts b at 1s and returns at 3s"
		day := open()
		returned := false
		items := producer.Produce(endless(), 1, puts[string](), func(put func(string) error) {
			time.Sleep(second)
			put("b")
			time.Sleep(2 * second)
			returned = true
		})
		exam.Equal(t, "items received", list(rest(items)), "b", when)
		exam.Equal(t, "time when the channel is closed", day.now(), "3s", when)
		exam.Equal(t, "the second producer has returned", returned, true, "the channel is closed")
	})
	interleave.Explore(t, func(t *testing.T) {
		none := producer.Produce[string](background, 1)
		exam.Equal(t, "items received", list(rest(none)), "none", "there are no producers")
		idle := producer.Produce(background, 0, puts[string](), puts[string]())
		exam.Equal(t, "items received", list(rest(idle)), "none", "two producers return at once")
	})
}

// TestProduceInOrder checks that the queue gives out first what was put first, and holds no more than it has room for.
//
//grade:todo 11.1
//grade:points 2
//grade:needs TestProduce
func TestProduceInOrder(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		h := linearize.New(linearize.FIFO(2))
		recorded := func(name string, items ...int) producer.Producer[int] {
			client := h.Client(name)
			return func(put func(int) error) {
				for _, item := range items {
					client.Call("Put", item).Return(put(item))
				}
			}
		}
		consumer := h.Client("consumer")
		items := producer.Produce(background, 2, recorded("producer a", 1, 2), recorded("producer b", 3))
		for open := true; open; {
			get := consumer.Call("Get")
			var item int
			item, open = <-items
			get.Return(item, open)
		}
		h.Check(t)
	})
}

// TestPutWaitsForRoom checks that put returns as long as there is room, and no longer.
//
//grade:todo 11.1
//grade:points 2
//grade:needs TestProduce
func TestPutWaitsForRoom(t *testing.T) {
	for _, room := range []int{0, 1, 2} {
		interleave.Explore(t, func(t *testing.T) {
			var put exam.Count
			counted := func(items int) producer.Producer[int] {
				return func(p func(int) error) {
					for i := range items {
						p(i)
						put.Add()
					}
				}
			}
			items := producer.Produce(background, room, counted(1), counted(3))
			settle()
			call := fmt.Sprintf("calls of put that have returned, of Produce(ctx, %d, ...)", room)
			exam.Equal(t, call, put.Load(), room, "two producers have more to put, and nothing has been received")
			<-items
			settle()
			exam.Equal(t, call, put.Load(), room+1, "one item has been received")
			exam.Equal(t, "items after that", len(rest(items)), 3, "the producers put 4")
		})
	}
	interleave.Once(t, func(t *testing.T) {
		var put exam.Count
		items := producer.Produce(background, many, func(p func(int) error) {
			for i := range many + 2 {
				p(i)
				put.Add()
			}
		})
		settle()
		exam.Equal(t, fmt.Sprintf("calls of put that have returned, of Produce(ctx, %d, ...)", many), put.Load(), many, "the producer has more to put, and nothing has been received")
		exam.Equal(t, "number of items received", len(rest(items)), many+2, "the producer puts so many")
	})
	interleave.Explore(t, func(t *testing.T) {
		day := open()
		items := producer.Produce(background, 0, puts("a"))
		time.Sleep(12 * tenth)
		item := <-items
		until := time.Since(day.begin)
		exam.Equal(t, "items received", list(append(rest(items), item)), "a", "there is room for none, and nobody receives before 1.2s")
		if until > 17*tenth { // one may look now and then, but not ever less often
			t.Errorf("a was received at %v, want at once: there is room for none, put(a) has waited since 0s, and somebody receives from 1.2s on", until)
		}
	}, clockwork...)
	interleave.Explore(t, func(t *testing.T) {
		beside(t, `receiving a, b and the end of Produce(ctx, 0, ...)`, []func(){
			func() {
				full := producer.Produce(background, 1, puts("c", "d"), puts("e"))
				time.Sleep(second) // while two of them wait for room
				exam.Equal(t, "items received", sorted(rest(full)), "c d e", "nobody received before 1s")
			},
			func() { rest(producer.Produce(background, 0, paced(second))) },
		}, func() { rest(producer.Produce(background, 0, puts("a", "b"))) })
	}, clockwork...)
}

// TestPutEndedContext checks that put puts nothing once the context has ended.
//
//grade:todo 11.3
//grade:points 1
//grade:needs TestPutWaitsForRoom
func TestPutEndedContext(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var err error
		items := producer.Produce(ended(), 1, func(put func(string) error) { err = put("a") })
		exam.Equal(t, "items received", list(rest(items)), "none", "ctx had ended before, but there is room")
		exam.Error(t, `put("a")`, err, context.Canceled, "ctx had ended before, but there is room")
	})
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(background)
		var errs [2]error
		items := producer.Produce(ctx, 2, func(put func(string) error) {
			errs[0] = put("a")
			cancel()
			errs[1] = put("b")
		})
		exam.Equal(t, "items received", list(rest(items)), "a", "ctx is cancelled between put(a) and put(b), and there is room for 2")
		exam.Error(t, `put("a")`, errs[0], nil, "there is room for 2, and ctx has not ended yet")
		exam.Error(t, `put("b")`, errs[1], context.Canceled, "ctx was cancelled after put(a)")
	})
}

// TestPutGivesUp checks that put stops waiting when the context ends, whether somebody receives the rest or not.
//
//grade:todo 11.3
//grade:points 2
//grade:needs TestPutEndedContext
func TestPutGivesUp(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "there is room for 1, ctx ends after a second, and nobody receives before 2s"
		ctx, cancel := context.WithTimeoutCause(background, second, errDisk)
		defer cancel()
		day := open()
		var errs [2]error
		var until string
		items := producer.Produce(ctx, 1, func(put func(string) error) {
			errs[0] = put("a")
			errs[1] = put("b")
			until = day.now()
		})
		time.Sleep(2 * second)
		exam.Equal(t, "items received", list(rest(items)), "a", when)
		exam.Error(t, `put("a")`, errs[0], nil, when)
		exam.Error(t, `put("b")`, errs[1], context.DeadlineExceeded, when)
		exam.Equal(t, "time when put(b) returned", until, "1s", when)
	})
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(background, 2*second)
		defer cancel()
		var err error
		items := producer.Produce(ctx, 0, func(put func(string) error) { err = put("a") })
		time.Sleep(second)
		cancel()
		const when = "there is room for none, nobody receives, and ctx is cancelled after a second, before its deadline"
		settle()
		exam.Equal(t, "items received", list(rest(items)), "none", when)
		exam.Error(t, `put("a")`, err, context.Canceled, when)
	}, few)
	interleave.Explore(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(background)
		items := producer.Produce(ctx, 1, puts("a1", "a2", "a3"), puts("b1", "b2"))
		<-items // and never again: nobody may be left behind
		cancel()
	})
	interleave.Explore(t, func(t *testing.T) {
		const when = "there is room for none, and nobody receives for days"
		var err error
		items := producer.Produce(endless(), 0, func(put func(string) error) { err = put("a") })
		runtime.Gosched()
		exam.Equal(t, "items received", list(rest(items)), "a", when)
		exam.Error(t, `put("a")`, err, nil, when)
	}, interleave.DaysMayPass(), interleave.Schedules(0))
}

// TestPutTellsTheTruth checks that an item can be received if put returned nil, and only then, also as the context ends.
//
//grade:todo 11.3
//grade:points 3
//grade:needs TestPutGivesUp
func TestPutTellsTheTruth(t *testing.T) {
	for _, room := range []int{0, 1, 2} {
		interleave.Explore(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(background)
			var put []string
			items := producer.Produce(ctx, room, func(p func(string) error) {
				for _, item := range []string{"a1", "a2"} {
					err := p(item)
					if err != nil {
						exam.Error(t, fmt.Sprintf("put(%q)", item), err, context.Canceled, "ctx is cancelled meanwhile")
						return
					}
					put = append(put, item)
				}
			})
			go cancel()
			got := rest(items)
			exam.Equal(t, "items received", list(got), list(put), fmt.Sprintf("put returned nil for these, with room %d, while ctx was cancelled", room))
		})
	}
}
