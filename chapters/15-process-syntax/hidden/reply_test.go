//go:build grade

package hidden

import (
	"slices"
	"testing"

	"lockstep/grader/exam/puppet"
)

// TestPartOfAReply checks that only a whole reply counts: a child may end while it is handing over its result.
//
//grade:todo 15.3
//grade:points 1
//grade:needs TestLongTexts TestStrangers
func TestPartOfAReply(t *testing.T) {
	s := newStage(t)
	const n = "1000000" // more than any pipe holds
	children := []struct {
		name, verb, code string
		puppet           *puppet.Puppet
		want             []string // it may be that all of it has arrived
	}{
		{"the child with a result", "return long", "0", nil,
			[]string{"0 bytes and a Failure with 0 bytes and code 0", n + " bytes"}},
		{"the child with an error", "return long error", "1", nil,
			[]string{"0 bytes and a Failure with 0 bytes and code 1", "0 bytes and a Failure with " + n + " bytes and code 1"}},
	}
	p, parent := s.start("the parent")
	for i, c := range children {
		parent.Do("start", c.name)
		children[i].puppet = s.enter(c.name)
	}
	// As long as the parent is stopped it reads nothing, and the children cannot come to an end.
	if err := parent.Signal(stopSignal); err != nil {
		t.Fatalf("the signal could not be sent: %v", err)
	}
	defer parent.Signal(goOnSignal)
	for _, c := range children {
		c.puppet.Tell(c.verb, n)
	}
	s.meanwhile() // they begin to write
	s.meanwhile()
	for _, c := range children {
		c.puppet.Tell("exit", c.code)
		c.puppet.Ends("another goroutine has called os.Exit(" + c.code + ")")
	}
	parent.Signal(goOnSignal)
	for _, c := range children {
		if got := parent.Do("join", c.name); !slices.Contains(c.want, got) {
			t.Errorf("Join(ctx) = %s, want one of %q: the function has returned %s bytes, and while they were being written another goroutine has called os.Exit(%s)", got, c.want, n, c.code)
		}
	}
	parent.Tell("return", "")
	s.joins(p, "", `the parent's function has returned ""`)
}
