//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	queue "lockstep/chapters/10-queue"
	"lockstep/grader/exam"
)

// A walk is what one goroutine does with a queue that nobody else uses. It knows what is
// inside, and so what is to come out. After the first wrong answer it calls nothing more.
type walk struct {
	user
	next    func(inside []string) int
	room    int
	inside  []string // as they came
	in, out int
	waits   bool // every other call is Put or Get, which do not have to wait here
	astray  bool
}

func (o order) walk(t *testing.T, room int) *walk {
	return &walk{user: o.user(t, room), next: o.next, room: room}
}

// put puts an item of that priority in, or is refused if the queue is full.
func (w *walk) put(priority int) {
	item, want := fmt.Sprintf("%d.%d", priority, w.in), error(nil)
	if w.room > 0 && len(w.inside) >= w.room {
		want = queue.ErrFull
	}
	if !w.astray {
		call, err := "TryPut(%q)", error(nil)
		if w.waits && want == nil && w.in%2 == 0 {
			call, err = "Put(ctx, %q)", w.q.Put(background, item)
		} else {
			err = w.q.TryPut(item)
		}
		if !errors.Is(err, want) {
			w.lost(fmt.Sprintf(call, item), err, want)
		}
	}
	if want == nil {
		w.in++
		w.inside = append(w.inside, item)
	}
}

// get takes an item out of a queue that is not empty.
func (w *walk) get() {
	next := w.next(w.inside)
	if want := w.inside[next]; !w.astray {
		call, item, err := "TryGet()", "", error(nil)
		if w.waits && w.out%2 == 0 {
			call = "Get(ctx)"
			item, err = w.q.Get(background)
		} else {
			item, err = w.q.TryGet()
		}
		if err != nil {
			w.lost(call, err, "an item")
		} else if item != want {
			w.lost(call, fmt.Sprintf("%q", item), fmt.Sprintf("%q", want))
		}
	}
	w.out++
	w.inside = slices.Delete(w.inside, next, next+1)
}

// count looks how many are in.
func (w *walk) count() {
	if w.astray {
		return
	}
	if n := w.q.Len(); n != len(w.inside) {
		w.lost("Len()", n, len(w.inside))
	}
}

func (w *walk) lost(call string, got, want any) {
	w.astray = true
	inside := w.inside
	if n := len(inside); n > 80 { // where it matters is at the ends
		inside = slices.Concat(inside[:20], []string{"…"}, inside[n-20:])
	}
	w.t.Errorf("%s = %v, want %v: %s, %d items have been put in and %d taken out, and %d are inside, as they came: %s",
		call, got, want, w.of, w.in, w.out, len(w.inside), strings.Join(inside, " "))
}

// wave puts two in for each one that it takes out, until peak are inside; one more if that
// is all the room; then takes two out for each one that it puts in, until none is left.
func (w *walk) wave(peak int) {
	for i := 0; len(w.inside) < peak; i++ {
		if i%3 == 2 {
			w.get()
		} else {
			w.put(1 + w.in%5%3)
		}
	}
	w.count()
	if peak == w.room {
		w.put(1)
		w.count()
	}
	for i := 0; len(w.inside) > 0; i++ {
		if i%3 == 2 {
			w.put(1 + w.in%5%3)
		} else {
			w.get()
		}
	}
	if !w.astray {
		w.empty(fmt.Sprintf("%d items have been put in, and as many taken out", w.in))
	}
}

// longWalk fills and empties queues of many sizes, and one of them again and again: what an
// array has where it ends, grows or shrinks is where another one has its middle.
func longWalk(t *testing.T, o order) {
	t.Helper()
	again := o.walk(t, 0)
	for _, peak := range []int{1, 2, 3, 4, 5, 7, 8, 9, 10, 15, 16, 17, 20, 21, 22, 31, 32, 33, 40, 60, 64, 65, 70} {
		o.walk(t, peak).wave(peak)
		again.wave(peak)
		if t.Failed() {
			return
		}
	}
	again.wave(300)
	o.walk(t, math.MaxInt).wave(20)
	o.walk(t, math.MinInt).wave(20)
	passing(t, o)
	fills(t, o)
}

// waitingWalk is a walk with Put and Get, where they need not wait.
func waitingWalk(t *testing.T, o order) {
	for _, row := range []struct{ room, peak int }{{0, 9}, {0, 16}, {1, 1}, {6, 6}, {20, 20}} {
		w := o.walk(t, row.room)
		w.waits = true
		w.wave(row.peak)
		w.wave(row.peak)
	}
}

// passing has more items come and go than 16 bits count. Three are inside at most. Before
// that, each of some leaves an empty queue behind it, wherever an array or a part of one
// has its end.
func passing(t *testing.T, o order) {
	t.Helper()
	one := o.walk(t, 0)
	for range 1100 {
		one.put(1)
		one.get()
	}
	q, items := o.make(3), []string{"1a", "1b", "1c"}
	leaves := o.next(items) // of three in a row
	q.TryPut(items[0])
	q.TryPut(items[1])
	for i := 2; i < math.MaxUint16+10; i++ {
		put := q.TryPut(items[i%3])
		got, err := q.TryGet()
		if want := items[(i-2+leaves)%3]; put != nil || err != nil || got != want {
			t.Fatalf("TryPut(%q) = %v, TryGet() = %q, %v, want nil, %q, nil: %s(3), 2 were inside, and %d had been put in, 1a 1b 1c 1a 1b 1c and so on",
				items[i%3], put, got, err, want, o.name, i)
		}
	}
}

// many is more than 16 bits count, and more than people make room for.
const many = 70_000

// fills checks that there is room for as many as the queue was made for, and no more.
func fills(t *testing.T, o order) {
	t.Helper()
	u := o.user(t, many)
	enough, stop := after(time.Second) // see holdsMany
	defer stop()
	for n := 0; n < many && !enough(); n++ {
		if err := u.q.TryPut("1a"); err != nil {
			t.Fatalf("TryPut(%q) = %v, want nil: %s, and %d items are inside", "1a", err, u.of, n)
		}
	}
	if !enough() {
		u.put("1b", queue.ErrFull, "as many items are inside")
	}
}

// putsMany checks that Put waits for nothing where there is room, however many are inside.
func putsMany(t *testing.T, o order, room int) {
	t.Helper()
	enough, stop := after(time.Second) // see holdsMany
	defer stop()
	synctest.Test(t, func(t *testing.T) { // an exploration has room for fewer steps
		u := o.user(t, room)
		ctx, cancel := context.WithTimeout(background, time.Second)
		defer cancel()
		for n := 0; n < many && !enough(); n++ {
			if err := u.q.Put(ctx, "1a"); err != nil {
				t.Fatalf("Put(ctx, %q) = %v, want nil: %s, %d items are inside, and ctx ends in a second", "1a", err, u.of, n)
			}
		}
		time.Sleep(time.Minute) // those who look now and then may have to look once more
	})
}

// holdsMany checks that a queue without a limit holds more items than 16 bits count, and more
// than people make room for. An answer that moves all that are inside to put one in is right as
// well: it gets as far as it gets in a while, for it has no limit that it could reach.
func holdsMany(t *testing.T, of string, q queue.Queue[struct{}]) {
	t.Helper()
	const many = 110_000 // an answer that moves nothing takes a tenth of a second
	n := 0
	for start := time.Now(); n < many && time.Since(start) < 3*time.Second; n++ {
		if err := q.TryPut(struct{}{}); err != nil {
			t.Fatalf("TryPut(struct{}{}) = %v, want nil: %s, it has no limit, and %d items are inside", err, of, n)
		}
	}
	exam.Equal(t, "Len()", q.Len(), n, of+", after as many TryPuts")
}

// apart makes and uses two queues at the same time, each of them in one goroutine: what the
// one does is nothing to the other.
func apart(t *testing.T, o order) {
	exam.Together(func() { o.walk(t, 2).wave(2) }, func() { o.walk(t, 2).wave(2) })
}

// look makes calls that change nothing at the same time: each of two goroutines finds a
// queue full, or empty.
func look(t *testing.T, o order) {
	r := o.record(1)
	a, b := r.client("A"), r.client("B")
	exam.Together(
		func() { a.len(); a.tryGet() },
		func() { b.len(); b.tryGet() },
	)
	r.main.tryPut("1x")
	exam.Together(
		func() { a.len(); a.tryPut("1a") },
		func() { b.len(); b.tryPut("1b") },
	)
	r.drain()
	r.Check(t)
}
