package exam

import (
	"fmt"
	"os"
	"runtime/debug"
	"testing"

	"go.uber.org/goleak"

	"lockstep/grader/exam/wire"
)

// maxStack bounds, in bytes, one goroutine's stack: an endless recursion ends as what it
// is, with a stack, and not as whatever the memory limit makes of it.
const maxStack = 64 << 20

// Check runs the body of a check and reports its beginning, and its end once its
// clean-up has run. The grader puts the call round the body of every hidden test; a hidden
// test does not make it. It must be called by the test's own goroutine.
//
// A check whose body does not return (it panics, or ends its goroutine) has not passed,
// whatever becomes of the process afterwards. A goroutine that the check started and that is still
// there at its end fails it. Outside the grader Check only runs the body.
func Check(t *testing.T, body func()) {
	if !wire.Active() || t.Name() != wire.Ordered().Check {
		body()
		return
	}
	os.Stdout = stdout
	debug.SetMaxStack(maxStack)
	before := goleak.IgnoreCurrent()
	wire.Send(wire.Record{Kind: wire.Begin})
	// Package testing marks a test that panics as failed only after its clean-up.
	returned := false
	t.Cleanup(func() { // registered first, so it runs last
		// A test that failed may have left goroutines behind where it stopped; they
		// are no finding of their own.
		if returned && !t.Failed() {
			if err := goleak.Find(before); err != nil {
				wire.Send(wire.Record{Kind: wire.Finding, Status: "leak", Detail: err.Error()})
				t.Error(fmt.Errorf("goroutines are left: %w", err))
			}
		}
		passed := returned && !t.Failed() && !t.Skipped()
		wire.Send(wire.Record{Kind: wire.End, Passed: passed, Skipped: t.Skipped(), Races: raceErrors()})
	})
	body()
	returned = true
}
