package exam

import (
	"os"
	"regexp"
	"testing"

	"lockstep/grader/exam/wire"
)

// Main is what the TestMain of a hidden package calls; it does not return. Under the
// grader it runs the one check that was ordered and sends package testing's own report
// to the grader; otherwise it runs the tests as `go test` asks.
func Main(m *testing.M) {
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
	}
	os.Exit(m.Run())
}

// stdout is the process's own standard output while package testing prints elsewhere.
var stdout *os.File
