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

// Begin marks the beginning of a check, and its end once its clean-up has run. The
// grader inserts the call at the top of every hidden test; a hidden test does not make
// it. It must be called by the test's own goroutine, before anything else.
//
// A goroutine that the check started and that is still there at its end fails it.
// Outside the grader Begin does nothing.
func Begin(t *testing.T) {
	if !wire.Active() || t.Name() != wire.Ordered().Check {
		return
	}
	os.Stdout = stdout
	debug.SetMaxStack(maxStack)
	before := goleak.IgnoreCurrent()
	wire.Send(wire.Record{Kind: wire.Begin})
	t.Cleanup(func() { // registered first, so it runs last
		// A test that failed may have left goroutines behind where it stopped; they
		// are no finding of their own.
		if !t.Failed() {
			if err := goleak.Find(before); err != nil {
				wire.Send(wire.Record{Kind: wire.Finding, Status: "leak", Detail: err.Error()})
				t.Error(fmt.Errorf("goroutines are left: %w", err))
			}
		}
		wire.Send(wire.Record{Kind: wire.End, Passed: !t.Failed() && !t.Skipped(), Skipped: t.Skipped(), Races: raceErrors()})
	})
}
