//go:build grade

package hidden

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	queue "lockstep/chapters/10-queue"
	"lockstep/grader/exam"
)

// TestFIFO checks that items leave in the order in which they came, and full and empty are told.
//
//grade:todo 10.1
//grade:points 1
func TestFIFO(t *testing.T) {
	alone(t, func(t *testing.T) {
		u := fifo.user(t, 2)
		u.len(0, "it is new")
		u.empty("it is new")
		for range 2 { // the second time round it is no longer new
			u.put("b", nil, "2 of 2 places are free")
			u.len(1, "it holds b")
			u.put("a", nil, "1 of 2 places is free")
			u.len(2, "it holds b and a")
			u.put("c", queue.ErrFull, "it holds b and a")
			u.len(2, "it holds b and a, and c was refused")
			u.get("b", "b came first, then a")
			u.put("d", nil, "1 of 2 places is free")
			u.get("a", "it holds a, then d")
			u.get("d", "it holds d")
			u.empty("everything has been taken out")
			u.len(0, "everything has been taken out")
		}
	})
	alone(t, func(t *testing.T) {
		u, other := fifo.user(t, 1), fifo.user(t, 1)
		u.put("", nil, "the only place is free; the item is the empty string")
		u.put("a", queue.ErrFull, "the only place is taken, by the empty string")
		u.len(1, "it holds the empty string")
		other.len(0, "it is new; somebody has used another one")
		u.get("", "it holds the empty string")
		u.empty("everything has been taken out")
	})
}

// TestNoLimit checks that a queue with room zero or less is never full, and nil an item like others.
//
//grade:todo 10.1
//grade:points 1
//grade:needs TestFIFO
func TestNoLimit(t *testing.T) {
	const many = 300
	for _, room := range []int{0, -1} {
		alone(t, func(t *testing.T) {
			u := fifo.user(t, room)
			u.empty("it is new")
			for i := range many {
				u.put(fmt.Sprint(i), nil, fmt.Sprintf("it holds %d items and has no limit", i))
			}
			u.len(many, "300 items have been put in")
			for i := range many {
				u.get(fmt.Sprint(i), "0, 1, 2, … have been put in")
			}
			u.empty("everything has been taken out")

			// another one grows while its first item is no longer where the first one was
			u = fifo.user(t, room)
			out := 0
			for i := range many {
				u.put(fmt.Sprint(i), nil, fmt.Sprintf("it holds %d items and has no limit", i-out))
				if i%3 == 2 {
					u.get(fmt.Sprint(out), "0, 1, 2, … have been put in, and every third time one was taken out")
					out++
				}
			}
			for ; out < many; out++ {
				u.get(fmt.Sprint(out), "0, 1, 2, … have been put in, and every third time one was taken out")
			}
			u.empty("everything has been taken out")
		})
	}
	alone(t, func(t *testing.T) { holdsNil(t, "NewFIFO[error](0)", queue.NewFIFO[error](0)) })
	longWalk(t, fifo)
	holdsMany(t, "NewFIFO[struct{}](0)", queue.NewFIFO[struct{}](0))
}

// holdsNil checks that nil is an item, where items are of an interface type.
func holdsNil(t *testing.T, of string, q queue.Queue[error]) {
	t.Helper()
	exam.Error(t, "TryPut(nil)", q.TryPut(nil), nil, of+", it is new")
	exam.Equal(t, "Len()", q.Len(), 1, of+", nil has been put in")
	item, err := q.TryGet()
	exam.Error(t, "TryGet()", err, nil, of+", nil has been put in")
	exam.Equal(t, "TryGet()", item, nil, of+", nil has been put in")
}

// try uses one queue from three goroutines that never wait.
func try(t *testing.T, o order) {
	r := o.record(2)
	a, b, c := r.client("A"), r.client("B"), r.client("C")
	r.main.tryPut("2x")
	exam.Together(
		func() { a.tryPut("1a"); a.tryPut("2a") },
		func() { b.tryGet(); b.tryGet() },
		func() { c.len(); c.tryPut("1c") },
	)
	r.drain()
	r.Check(t)
}

// TestFIFOTogether checks that TryPut, TryGet and Len act in one step each, whoever else is at it.
//
//grade:todo 10.1
//grade:points 2
//grade:needs TestFIFO
func TestFIFOTogether(t *testing.T) {
	in(t, []order{fifo}, try)
	in(t, []order{fifo}, apart)
	in(t, []order{fifo}, look)
}

// TestLIFO checks that the item that came last leaves first, and all else is as in a FIFO queue.
//
//grade:todo 10.2
//grade:points 1
func TestLIFO(t *testing.T) {
	alone(t, func(t *testing.T) {
		u := lifo.user(t, 3)
		u.empty("it is new")
		for range 2 {
			u.put("b", nil, "3 of 3 places are free")
			u.put("a", nil, "2 of 3 places are free")
			u.put("c", nil, "1 of 3 places is free")
			u.put("d", queue.ErrFull, "it holds b, a and c")
			u.len(3, "it holds b, a and c, and d was refused")
			u.get("c", "b came first, then a, then c")
			u.get("a", "b came first, then a")
			u.put("e", nil, "it holds b")
			u.get("e", "b came first, then e")
			u.len(1, "it holds b")
			u.get("b", "it holds b")
			u.empty("everything has been taken out")
		}
		large := lifo.user(t, 100)
		for range 20 {
			large.put("a", nil, "it holds less than 100")
		}
		large.put("b", nil, "it holds less than 100")
		large.get("b", "b came last")
		large.len(20, "20 items are left")
	})
	longWalk(t, lifo)
}

// TestLIFOTogether checks that a LIFO queue acts in one step, too.
//
//grade:todo 10.2
//grade:points 1
//grade:needs TestLIFO
func TestLIFOTogether(t *testing.T) {
	in(t, []order{lifo}, try)
	in(t, []order{lifo}, apart)
	in(t, []order{lifo}, look)
}

// TestPriority checks that the least item leaves first, whenever it came.
//
//grade:todo 10.3
//grade:points 1
func TestPriority(t *testing.T) {
	alone(t, func(t *testing.T) {
		u := priority.user(t, 3)
		u.empty("it is new")
		for range 2 {
			u.put("2", nil, "3 of 3 places are free")
			u.put("1", nil, "2 of 3 places are free")
			u.put("3", nil, "1 of 3 places is free")
			u.put("0", queue.ErrFull, "it holds 2, 1 and 3; that 0 is less than these makes no room")
			u.len(3, "it holds 2, 1 and 3, and 0 was refused")
			u.get("1", "it holds 2, 1 and 3")
			u.put("0", nil, "it holds 2 and 3")
			u.get("0", "it holds 2, 3 and 0")
			u.get("2", "it holds 2 and 3")
			u.get("3", "it holds 3")
			u.empty("everything has been taken out")
		}
		large := priority.user(t, 100)
		for range 20 {
			large.put("2", nil, "it holds less than 100")
		}
		large.put("1", nil, "it holds less than 100")
		large.get("1", "it holds one 1, and twenty 2 that came before")
		large.len(20, "20 items are left")

	})
	alone(t, func(t *testing.T) { compared(t, false) })
	alone(t, func(t *testing.T) { compared(t, true) })
	alone(t, nested)
}

// nested checks that compare may use another queue.
func nested(t *testing.T) {
	log := queue.NewFIFO[string](1)
	u := user{t, queue.NewPriority(3, func(a, b string) int {
		log.TryPut(a + b)
		log.TryGet()
		return byFirst(a, b)
	}), "NewPriority(3, compare), compare puts into another queue and takes out of it"}
	for _, item := range []string{"2", "3", "1"} {
		u.put(item, nil, "there is room")
	}
	for _, item := range []string{"1", "2", "3"} {
		u.get(item, "2, 3 and 1 have been put in")
	}
}

// compared checks that whatever compare returns, just its sign is used, for queues each of
// which has a compare of its own.
func compared(t *testing.T, greatest bool) {
	came, want := []string{"2", "5", "1", "4", "3"}, []string{"1", "2", "3", "4", "5"}
	if greatest {
		slices.Reverse(want)
	}
	var all []user
	for _, says := range []struct{ less, more int }{
		{-1, 1}, {-7, 7}, {math.MinInt, math.MaxInt}, {math.MinInt, 1}, {-1, math.MaxInt},
	} {
		compare := func(a, b string) int {
			switch c := byFirst(a, b); {
			case c == 0:
				return 0
			case c < 0 != greatest:
				return says.less
			}
			return says.more
		}
		of := fmt.Sprintf("NewPriority(5, compare), compare returns %d or %d", says.less, says.more)
		all = append(all, user{t, queue.NewPriority(5, compare), of})
	}
	for _, item := range came {
		for _, u := range all {
			u.put(item, nil, "there is room")
		}
	}
	for i, item := range want {
		for _, u := range all {
			u.get(item, fmt.Sprintf("%s have been put in and %d taken out, and of any two %s is less by compare",
				strings.Join(came, " "), i, map[bool]string{false: "the smaller", true: "the larger"}[greatest]))
			if t.Failed() {
				return
			}
		}
	}
}

// TestEqualPriorities checks that of several items that are equally urgent the first one leaves first.
//
//grade:todo 10.3
//grade:points 2
//grade:needs TestPriority
func TestEqualPriorities(t *testing.T) {
	for _, script := range []string{ // a digit puts in an item of that priority, - takes one out
		"11--", "111---", "1111111-------", "2121----", "1212121-------", "3212321-------",
		"222222111111----11----22--------", "12312312312-----12312-----------", "11-1-1-1-1-1-1--",
		"111-1-11--1-11---1--", "1111--11--11--11----", "11111111----11----1111------", "2222-1-22--1122---22-----2222-----",
		strings.Repeat("918273645", 10) + strings.Repeat("-2--", 45),
	} {
		q := queue.NewPriority(100, byFirst)
		var inside, history []string
		for i, step := range script {
			if step != '-' {
				item := fmt.Sprintf("%c.%d", step, i)
				exam.Error(t, fmt.Sprintf("TryPut(%q)", item), q.TryPut(item), nil, "NewPriority(100)")
				inside, history = append(inside, item), append(history, item)
				continue
			}
			want := slices.MinFunc(inside, byFirst)
			if got, _ := q.TryGet(); got != want {
				t.Fatalf("TryGet() = %q, want %q: NewPriority(100), compared by their first characters, put in and taken out were %s", got, want, strings.Join(history, " "))
			}
			history = append(history, "-"+want)
			inside = slices.DeleteFunc(inside, func(item string) bool { return item == want })
		}
	}
	longWalk(t, priority)
}

// TestPriorityTogether checks that a priority queue acts in one step, too.
//
//grade:todo 10.3
//grade:points 2
//grade:needs TestPriority
func TestPriorityTogether(t *testing.T) {
	in(t, []order{priority}, try)
	in(t, []order{priority}, apart)
	in(t, []order{priority}, look)
	// of two items that are equally urgent one is seen to be alone in the queue
	in(t, []order{priority}, func(t *testing.T, o order) {
		r := o.record(2)
		a, b := r.client("A"), r.client("B")
		exam.Together(
			func() { a.tryPut("1a"); a.len() },
			func() { b.tryPut("1b") },
		)
		r.drain()
		r.Check(t)
	})
}
