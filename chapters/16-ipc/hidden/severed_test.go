//go:build grade

package hidden

import (
	"strings"
	"testing"

	ipc "lockstep/chapters/16-ipc"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestDictOfTheDead checks that every operation returns an error when the manager hangs up or answers without sense, and ever after.
//
//grade:todo 16.5
//grade:points 2
//grade:needs TestDict
func TestDictOfTheDead(t *testing.T) {
	answers := map[string]string{
		"hangs up and does not answer":                "",
		"hangs up after two bytes of the answer":      "\x00\x00",
		"hangs up after the length of the answer":     "\x00\x00\x00\x09",
		"hangs up in the midst of the answer":         "\x00\x00\x00\x09half",
		"says that its answer is larger than allowed": "\x00\x10\x00\x01",
	}
	for _, text := range garbage {
		answers["answers with a frame of "+short([]byte(text))] = frame(text)
	}
	operations := map[string]func(d *ipc.Dict) error{
		"Get":            func(d *ipc.Dict) error { _, _, err := d.Get("k"); return err },
		"Set":            func(d *ipc.Dict) error { return d.Set("k", "v") },
		"Delete":         func(d *ipc.Dict) error { return d.Delete("k") },
		"CompareAndSwap": func(d *ipc.Dict) error { _, err := d.CompareAndSwap("k", "v", "w"); return err },
	}
	good := recorded(t)
	exam.Within(t, "operations of clients whose managers send what is left of an answer", func() {
		for name, operation := range operations {
			for _, text := range spoilt(good[name]) {
				ours, theirs, _, back := pair(1 << 20)
				d := ipc.NewDict(ours)
				ended := make(chan struct{})
				go func() {
					defer close(ended)
					theirs.Recv()
					back.add([]byte(frame(text)))
					writer{back}.Close()
				}()
				operation(d) // some of that may still make sense, but nothing panics
				<-ended
				d.Close()
			}
		}
	})
	exam.Within(t, "operations of clients whose managers die", func() {
		for what, text := range answers {
			for name, operation := range operations {
				ours, theirs, _, back := pair(1 << 20)
				d := ipc.NewDict(ours)
				ended := make(chan struct{})
				go func() {
					defer close(ended)
					theirs.Recv()
					back.add([]byte(text))
					if !strings.HasPrefix(what, "hangs up") {
						back.add([]byte(frame(good[name]))) // good answers, too late
						back.add([]byte(frame(good["Get"])))
					}
					writer{back}.Close()
				}()
				fails(t, name, operation(d), "the manager "+what)
				<-ended
				fails(t, name, operation(d), "it is the second one; at the first the manager "+what)
				_, _, err := d.Get("k")
				fails(t, "Get", err, "it is the third operation; at the first the manager "+what)
			}
		}
	})
}

// TestDictOfTheDeadTogether checks that everybody who waits for an answer gets an error when the manager hangs up, or the client.
//
//grade:todo 16.5
//grade:points 1
//grade:needs TestDictOfTheDead TestDictAnswers
func TestDictOfTheDeadTogether(t *testing.T) {
	for _, who := range []string{"the manager has hung up", "Close was called"} {
		interleave.Explore(t, func(t *testing.T) {
			ours, theirs, _, _ := pair(1 << 20)
			d := ipc.NewDict(ours)
			var get, set error
			exam.Together(
				func() {
					theirs.Recv()
					if who == "Close was called" {
						d.Close()
					}
					theirs.Close()
				},
				func() { _, _, get = d.Get("k") },
				func() { set = d.Set("k", "v") },
			)
			when := who + " after the first request, and another operation was under way"
			fails(t, "Get", get, when)
			fails(t, "Set", set, when)
		}, few...)
	}
}

// recorded returns what a manager that lives answers to each operation.
func recorded(t *testing.T) map[string]string {
	good := map[string]string{}
	exam.Within(t, "operations of one client", func() {
		manager, served, _, _ := pair(1 << 20)
		go ipc.NewManager().ServeConn(served)
		ours, theirs, _, _ := pair(1 << 20)
		d := ipc.NewDict(ours)
		answers := make(chan string, 100)
		go func() { // stands between the two, and listens
			defer manager.Close()
			for {
				request, err := theirs.Recv()
				if err != nil {
					return
				}
				manager.Send(request)
				answer, _ := manager.Recv()
				theirs.Send(answer)
				answers <- string(answer)
			}
		}()
		for name, operation := range map[string]func(){
			"Set":            func() { d.Set("k", "v") },
			"CompareAndSwap": func() { d.CompareAndSwap("k", "v", "v") },
			"Get":            func() { d.Get("k") },
			"Delete":         func() { d.Delete("none") },
		} {
			done := make(chan struct{})
			go func() {
				defer close(done)
				operation()
			}()
			good[name] = <-answers
			<-done
		}
		ours.Close()
	})
	return good
}
