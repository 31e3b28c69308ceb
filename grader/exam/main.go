package exam

import (
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"syscall"
	"testing"

	"lockstep/grader/exam/wire"
)

// Main is what the TestMain of a hidden package calls; it does not return. Under the
// grader it runs the one check that was ordered and sends package testing's own report
// to the grader; otherwise it runs the tests as `go test` asks.
//
// Exclusive are errors of the chapter of which one is never another, so that a caller can
// tell by errors.Is which it is: Error fails for an answer that is several. Two that an
// error may tell of together, as a refusal and its cause, do not belong there.
//
// A package whose checks start this program again, as a child with something else to do,
// must find out before it calls Main. A child that comes here, because code under test has
// mixed up its arguments or its environment, is refused: it would run the tests, which start
// children, without end.
func Main(m *testing.M, exclusive ...error) {
	sentinels = append(sentinels, exclusive)
	if !wire.Active() && startedAgain() {
		fmt.Fprintln(os.Stderr, "This is the test once more, and it was not told what to do: are its arguments and its environment those that were asked for?")
		os.Exit(1)
	}
	if wire.Active() {
		os.Args = []string{
			os.Args[0],
			"-test.run=^" + regexp.QuoteMeta(wire.Ordered().Check) + "$",
			"-test.timeout=0", // the grader holds the clock; a timer would hide a deadlock from the runtime
			"-test.paniconexit0",
		}
		// Package testing keeps the os.Stdout it finds here for its report; Begin
		// puts the process's own back before the check runs.
		stdout = os.Stdout
		os.Stdout = wire.Log()
		dumpOnQuit()
	}
	os.Exit(m.Run())
}

// maxDump caps, in bytes, what is printed of all stacks.
const maxDump = 1 << 20

// dumpOnQuit makes SIGQUIT, which the grader sends when a clock has run out, print
// every goroutine's stack from a point where each has one: the runtime's own dump knows
// nothing of a goroutine that spins on another thread.
func dumpOnQuit() {
	quit := make(chan os.Signal, 1)
	signal.Notify(quit, syscall.SIGQUIT)
	go func() {
		<-quit
		stacks := make([]byte, maxDump)
		os.Stderr.Write(stacks[:runtime.Stack(stacks, true)])
		os.Exit(2)
	}()
}

// stdout is the process's own standard output while package testing prints elsewhere.
var stdout *os.File
