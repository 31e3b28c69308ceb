package interleave_test

import (
	"os"
	"syscall"
	"testing"
)

// TestMain runs the tests with the race detector told to report a race each time it
// happens, as the grader does. It has to be told before the process starts.
func TestMain(m *testing.M) {
	const options = "halt_on_error=0 suppress_equal_stacks=0 suppress_equal_addresses=0 atexit_sleep_ms=100"
	if os.Getenv("GORACE") != options {
		os.Setenv("GORACE", options)
		if exe, err := os.Executable(); err == nil {
			syscall.Exec(exe, os.Args, os.Environ())
		}
	}
	os.Exit(m.Run())
}
