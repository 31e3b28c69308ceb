package corpustest_test

import (
	"flag"
	"testing"

	"lockstep/grader/interleave/corpustest"
)

var plainProgram = flag.String("plain", "", "a wrong program for TestWrongPlain to run")

// TestRightPlain checks that the right programs are right under the real scheduler too.
func TestRightPlain(t *testing.T) {
	for _, p := range corpustest.Right {
		t.Run(p.Name, p.Scenario)
	}
}

// TestWrongPlain runs the wrong program that -plain names, once: what go test -race
// makes of it. It may hang, crash, fail or pass.
func TestWrongPlain(t *testing.T) {
	for _, p := range corpustest.Wrong {
		if p.Name == *plainProgram {
			p.Scenario(t)
			return
		}
	}
	// None is named: this is an ordinary run of the tests, and there is nothing to see.
}
