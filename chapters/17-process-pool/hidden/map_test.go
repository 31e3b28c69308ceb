//go:build grade

package hidden

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	pool "lockstep/chapters/17-process-pool"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestMap checks that tasks are done side by side, and that their answers come in the order of the tasks.
//
//grade:todo 17.3
//grade:points 1
//grade:needs TestApply
func TestMap(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 2, and the first of three tasks is done last"
		others := make(chan struct{}, 2)
		s := newShop(t, func(h *hand, task string) (string, error) {
			switch task {
			case "a":
				<-others
				<-others
			case "b", "c":
				others <- struct{}{}
			}
			return task + "!", nil
		})
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		answers, err := p.Map([]string{"a", "b", "c"})
		exam.Equal(t, `Map("a", "b", "c")`, fmt.Sprintf("%q %v", answers, err), `["a!" "b!" "c!"] <nil>`, when)
		var calls exam.Count
		s.do = func(h *hand, task string) (string, error) {
			if task == "d" && calls.Add() == 1 {
				return "", errTask
			}
			return task + "!", nil
		}
		same := []string{"d", "d", "e"}
		answers, err = p.Map(same)
		slices.Sort(answers) // any "d" may be done first
		exam.Equal(t, `Map("d", "d", "e")`, fmt.Sprintf("%q %v", answers, err), `["" "d!" "e!"] `+errTask.Error(), "the first task done of two with the same text fails; answers sorted")
		exam.Equal(t, "tasks that the caller has", fmt.Sprintf("%q", same), `["d" "d" "e"]`, "after Map")
		s.do = exclaim
		answers, err = p.Map(nil)
		exam.Equal(t, "Map(nil)", fmt.Sprintf("%q %v", answers, err), `[] <nil>`, "there is nothing to do")
	}, leaky(light)...)
}

// TestMapErrors checks that Map waits for all tasks, and returns the error of the first one in their order that has one.
//
//grade:todo 17.3
//grade:points 2
//grade:needs TestMap TestPoison
func TestMapErrors(t *testing.T) {
	errLate, errSoon := errors.New("too late"), errors.New("too soon")
	interleave.Explore(t, func(t *testing.T) {
		const when = `"late" and "soon" fail in different ways, "soon" first; "end" is done last`
		began := time.Now()
		s := newShop(t, func(h *hand, task string) (string, error) {
			switch task {
			case "late":
				time.Sleep(second)
				return "half of it", errLate
			case "soon":
				return "", errSoon
			case "end":
				time.Sleep(2 * second)
			}
			return task + "!", nil
		})
		p := s.pool(pool.Options{Workers: 4, Tries: 1})
		answers, err := p.Map([]string{"a", "late", "soon", "end"})
		is(t, `Map("a", "late", "soon", "end")`, err, errLate, when)
		if errors.Is(err, errSoon) {
			t.Errorf("Map(%q) = error %q, want the error of \"late\" only: %s", []string{"a", "late", "soon", "end"}, err, when)
		}
		exam.Equal(t, `answers of Map("a", "late", "soon", "end")`, fmt.Sprintf("%q", answers), `["a!" "" "" "end!"]`, when+`; Do("late") returns a text besides its error`)
		exam.Equal(t, "time when Map returns", since(began), "2s", when+", after 2s")
	}, leaky(light)...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 1, Tries is 1, and \"poison\" kills its worker, whose Do returns a text besides its error"
		s := newShop(t, func(h *hand, task string) (string, error) {
			if task == "poison" {
				_, err := h.crash()
				return "half of it", err
			}
			return task + "!", nil
		})
		p := s.pool(pool.Options{Workers: 1, Tries: 1})
		answers, err := p.Map([]string{"a", "poison", "b"})
		is(t, `Map("a", "poison", "b")`, err, pool.ErrCrashed, when)
		exam.Equal(t, `answers of Map("a", "poison", "b")`, fmt.Sprintf("%q", answers), `["a!" "" "b!"]`, when)
	}, leaky(light)...)
}

// TestUnordered checks that answers come as soon as they are there, each once, and that then the channel is closed.
//
//grade:todo 17.3
//grade:points 2
//grade:needs TestApply
func TestUnordered(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Workers is 2; the second task fails at once, and the first is not done before that answer has been received"
		returned, received := make(chan struct{}), make(chan struct{})
		s := newShop(t, func(h *hand, task string) (string, error) {
			<-returned
			if task == "fail" {
				return "", errTask
			}
			<-received
			return task + "!", nil
		})
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		answers := p.Unordered([]string{"a", "fail"})
		close(returned)
		first := <-answers
		exam.Equal(t, "first answer of Unordered", show(first), show(pool.Answer{Index: 1, Err: errTask}), when)
		close(received)
		last := <-answers
		exam.Equal(t, "second answer of Unordered", show(last), show(pool.Answer{Index: 0, Text: "a!"}), when)
		more, ok := <-answers
		exam.Equal(t, "channel of Unordered is open", ok, false, fmt.Sprintf("after two answers to two tasks; it gave %s", show(more)))

		s.do = exclaim
		texts := map[int]string{}
		for a := range p.Unordered([]string{"b", "b", "c"}) {
			texts[a.Index] = a.Text
		}
		exam.Equal(t, `answers of Unordered("b", "b", "c")`, fmt.Sprint(texts), "map[0:b! 1:b! 2:c!]", "by their indexes; two tasks have the same text")
		_, ok = <-p.Unordered(nil)
		exam.Equal(t, "channel of Unordered(nil) is open", ok, false, "there is nothing to do")
	}, leaky(light)...)
}

func show(a pool.Answer) string { return fmt.Sprintf("{%d %q %v}", a.Index, a.Text, a.Err) }

// TestUnorderedAbandoned checks that a receiver who loses interest holds nobody up.
//
//grade:todo 17.3
//grade:points 2
//grade:needs TestUnordered TestJoin
func TestUnorderedAbandoned(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		const when = "Unordered got three tasks, and nobody has received more than one answer"
		s := newShop(t, exclaim)
		p := s.pool(pool.Options{Workers: 1, Tries: 1})
		<-p.Unordered([]string{"a", "b", "c"})
		applies(t, p, "d", "d!", nil, when)
		p.Close()
		joins(t, p, when)
		exam.Equal(t, "tasks done", s.begun.Load(), 4, when)
		refused := 0
		for a := range p.Unordered([]string{"e", "f"}) {
			is(t, `Unordered("e", "f")`, a.Err, pool.ErrClosed, "after Close and Join")
			refused++
		}
		exam.Equal(t, `answers of Unordered("e", "f")`, refused, 2, "after Close and Join")
		_, err := p.Map([]string{"e", "f"})
		is(t, `Map("e", "f")`, err, pool.ErrClosed, "after Close and Join")
		s.left("after Join. " + when)
	}, light...)
	interleave.Explore(t, func(t *testing.T) {
		const when = "Unordered got 40 tasks, and nobody has received an answer"
		s := newShop(t, exclaim)
		p := s.pool(pool.Options{Workers: 2, Tries: 1})
		p.Unordered(make([]string, 40))
		p.Close()
		joins(t, p, when)
		exam.Equal(t, "tasks done", s.begun.Load(), 40, when)
		s.left("after Join. " + when)
	}, crowded...)
}
