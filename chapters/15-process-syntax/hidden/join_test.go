//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	child "lockstep/chapters/15-process-syntax"
	"lockstep/grader/exam"
)

// TestStart checks that the function runs in a child process, once, and nothing else of the program does.
//
//grade:todo 15.3
//grade:points 2
//grade:needs TestCall TestFuture
func TestStart(t *testing.T) {
	s := newStage(t)
	p, puppet := s.start("the child")
	if puppet.Pid == os.Getpid() {
		t.Fatalf("the function runs in our own process, not in a child")
	}
	exam.Equal(t, "Pid()", p.Pid(), puppet.Pid, "that is the number of the process in which the function runs")
	s.stays(puppet, "nobody has told it to return")
	puppet.Tell("return", "144")
	s.joins(p, "144", `the function has returned "144"`)
	puppet.Ends("its function has returned, and Join has said so")
	exam.Equal(t, "Pid()", p.Pid(), puppet.Pid, "that was the number of the process, which has ended")
	if extra := len(s.Others()); extra > 0 {
		t.Errorf("%d more processes have come to run something: one child was started", extra)
	}
}

// TestStartUnknown checks that Start refuses a name that it does not know, before it starts anything.
//
//grade:todo 15.3
//grade:points 1
//grade:needs TestStart
func TestStartUnknown(t *testing.T) {
	newStage(t) // which sees that nothing is left
	var empty child.Registry
	for _, c := range []struct {
		registry *child.Registry
		name     string
		when     string
	}{{&functions, "nobody", "no function has that name"}, {&empty, "echo", "nothing has been registered in this Registry"}} {
		_, err := c.registry.Start(c.name, "a")
		exam.Error(t, fmt.Sprintf("Start(%q, %q)", c.name, "a"), err, child.ErrUnknown, c.when)
	}
}

// TestArguments checks that arguments and result arrive as they are, whatever bytes they have.
//
//grade:todo 15.3
//grade:points 1
//grade:needs TestStart
func TestArguments(t *testing.T) { newStage(t).arguments(ordinary) }

// TestLongTexts checks that arguments and result may be longer than any pipe or command line.
//
//grade:todo 15.3
//grade:points 2
//grade:needs TestArguments
func TestLongTexts(t *testing.T) {
	s := newStage(t)
	const n = "300000"
	const large = "5000000" // more than anybody would think of as a limit
	joins := func(p *child.Process, want, when string) {
		t.Helper()
		exam.Within(t, "Join(ctx), "+when, func() {
			exam.Equal(t, "Join(ctx)", joined(p.Join(background)), want, when)
		})
	}
	p, puppet := s.start("the child", longText(large), longText("10"), longText(n))
	exam.Equal(t, "lengths of the arguments", puppet.Do("digest", ""), large+" 10 "+n, "they were given to Start")
	puppet.Tell("return long", large)
	joins(p, large+" bytes", "the function has returned a text of 5 MB")
	p, puppet = s.start("the child")
	puppet.Tell("return long error", n)
	joins(p, "0 bytes and a Failure with "+n+" bytes and code 1", "the function has returned an error whose text has 300 kB")
	p, err := functions.Start("echo", strings.Split(longText("1000"), "")...)
	exam.Error(t, "Start(...)", err, nil, "it has 1000 arguments")
	joins(p, "1000 bytes", "the function has 1000 arguments of one byte each, and returns all of them as one text")
	// Twice nobody joins before the end: then the result must be kept somewhere.
	for range 2 {
		p, puppet = s.start("the child")
		puppet.Tell("return long", n)
		puppet.Ends("its function has returned 300 kB, and nobody has called Join yet")
		result, err := p.Join(background)
		if err != nil || result != longText(n) {
			t.Errorf("Join(ctx) = a text of %d bytes, %v, want the 300 kB that the function has returned before Join was called", len(result), err)
		}
	}
}

// TestSurroundings checks that the child has our environment, directory and output, and no input.
//
//grade:todo 15.3
//grade:points 2
//grade:needs TestArguments
func TestSurroundings(t *testing.T) { newStage(t).surroundings(ordinary) }

// TestFailures checks that Join says why there is no result.
//
//grade:todo 15.3
//grade:points 2
//grade:needs TestStart TestCallPanics
func TestFailures(t *testing.T) {
	s := newStage(t)
	for _, c := range []struct {
		verb, text, wantText string
		wantCode             int
		when                 string
	}{
		{"return error", "no such user", "no such user", 1, `the function has returned a result and the error "no such user"`},
		{"return error", "", "", 1, `the function has returned a result and the error ""`},
		{"return error", " two\n", " two\n", 1, `the function has returned a result and the error " two\n"`},
		{"panic", "boom", "panic: boom", 1, `the function has panicked with "boom"`},
		{"panic", "", "panic: ", 1, `the function has panicked with ""`},
		{"exit", "0", "", 0, "the function has called os.Exit(0), and has never returned a result"},
		{"exit", "1", "", 1, "the function has called os.Exit(1)"},
		{"exit", "7", "", 7, "the function has called os.Exit(7)"},
	} {
		p, puppet := s.start("the child")
		puppet.Tell(c.verb, c.text)
		s.fails(p, c.wantText, c.wantCode, c.when)
	}
	p, puppet := s.start("the child")
	puppet.Tell("return long error", "1000")
	const bytes = "the function has returned an error whose text has all kinds of bytes"
	exam.Within(t, "Join(ctx), "+bytes, func() {
		exam.Equal(t, "Join(ctx)", joined(p.Join(background)), "0 bytes and a Failure with 1000 bytes and code 1", bytes)
	})
	s.gone(ordinary)

	p, puppet = s.start("the child")
	puppet.Tell("end goroutine", "")
	exam.Within(t, "Join(ctx), the function has called runtime.Goexit", func() {
		result, err := p.Join(background)
		var failure *child.Failure
		if !errors.As(err, &failure) { // with any code and text
			t.Errorf("Join(ctx) = %q, %v, want a *Failure: the function has called runtime.Goexit, and has never returned a result", result, err)
		}
	})
}

// TestJoin checks that any number may join, at the same time and again, and may give up.
//
//grade:todo 15.3
//grade:points 2
//grade:needs TestFailures TestFutureGivesUp
func TestJoin(t *testing.T) {
	s := newStage(t)
	for _, good := range []bool{true, false} {
		p, puppet := s.start("the child")
		ended, end := context.WithCancelCause(background)
		end(errCause)
		_, err := p.Join(ended)
		exam.Error(t, "Join(ctx)", err, context.Canceled, "ctx has ended, and the process is running")
		soon, cancel := context.WithTimeout(background, 10*time.Millisecond)
		defer cancel()
		_, err = p.Join(soon)
		exam.Error(t, "Join(ctx)", err, context.DeadlineExceeded, "ctx ends after 10ms, and the process is running")
		s.stays(puppet, "a Join has given up, but the process was to go on")

		when := "three call Join before the end, and again after it; "
		verb, want := "return", "144, <nil>"
		if good {
			when += `the function has returned "144"`
		} else {
			when += `the function has returned the error "144"`
			verb, want = "return error", `, &child.Failure{Text:"144", Code:1}`
		}
		var begun exam.Count
		join := func() {
			for range 2 {
				begun.Add()
				result, err := p.Join(background)
				got := result + ", <nil>"
				if err != nil {
					got = result + fmt.Sprintf(", %#v", err)
				}
				exam.Equal(t, "Join(ctx)", got, want, when)
			}
		}
		exam.Within(t, "Join(ctx), "+when, func() {
			exam.Together(join, join, join, func() {
				for try := 0; try < 5 || begun.Load() < 3; try++ {
					soon, cancel := context.WithTimeout(background, time.Millisecond)
					_, err := p.Join(soon)
					exam.Error(t, "Join(ctx)", err, context.DeadlineExceeded, "ctx ends after 1ms, the process is running, and three others join, whose ctx does not end")
					cancel()
				}
				puppet.Tell(verb, "144")
			})
		})
		join()
		if _, err := p.Join(ended); errors.Is(err, context.Canceled) {
			t.Errorf("Join(ctx) = %v, want what the process has come to: ctx has ended, and the process before it", err)
		}
	}
}

// TestManyChildren checks that many children run at the same time, and each returns its own.
//
//grade:todo 15.3
//grade:points 1
//grade:needs TestJoin
func TestManyChildren(t *testing.T) {
	newStage(t) // which sees that nothing is left
	const n = 5
	var all []func()
	for i := range n {
		text := strings.Repeat(fmt.Sprint(i), 3)
		all = append(all, func() {
			p, err := functions.Start("echo", text, "-", text)
			if err != nil {
				t.Errorf("Start(...) = %v, want no error: others start at the same time", err)
				return
			}
			result, err := p.Join(background)
			exam.Error(t, "Join(ctx)", err, nil, "others run at the same time")
			exam.Equal(t, "Join(ctx)", result, text+"-"+text, "others run at the same time")
		})
	}
	exam.Within(t, "5 children at the same time", func() { exam.Together(all...) })
}

// TestStrangers checks that what has been started by other means is no child, and that Join does not wait for it.
//
//grade:todo 15.3
//grade:points 2
//grade:needs TestFailures TestCallsAtTheSameTime
func TestStrangers(t *testing.T) {
	s := newStage(t)
	p, puppet := s.start("the child")
	stranger, other := s.stranger(puppet, "the stranger"), s.stranger(puppet, "the other stranger")
	puppet.Tell("return", "144")
	s.joins(p, "144", `the function has started two processes by package exec, and returned "144"`)
	s.stays(stranger, "the child has ended, but a process that it has started by package exec was to go on")
	p, puppet = s.start("the child")
	another := s.stranger(puppet, "another stranger")
	puppet.Tell("exit", "7")
	s.fails(p, "", 7, "the function has started a process by package exec, and called os.Exit(7)")
	stranger.Tell("return", "")
	stranger.Ends("it was told to return")
	other.Tell("return", "")
	other.Ends("it was told to return")
	another.Tell("return", "")
	another.Ends("it was told to return")
	s.visitDuring(ordinary)

	// A child of a child is a child like any other.
	p, puppet = s.start("the child")
	puppet.Do("start", "the grandchild")
	grandchild := s.enter("the grandchild")
	puppet.Tell("return", "144")
	s.joins(p, "144", `the function has started a child of its own, and returned "144"`)
	s.stays(grandchild, "its parent has ended, but it is no daemon")
	grandchild.Tell("return", "")
	grandchild.Ends("it was told to return")
}
