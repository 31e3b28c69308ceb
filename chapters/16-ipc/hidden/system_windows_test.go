//go:build grade

package hidden

import (
	"os"
	"testing"
)

const missing = "Windows has no flock, and package syscall there has neither its file locks nor its mapped files: use WSL"

func openFiles() int { panic(missing) }

const locksClosed, mapsClosed, connsClosed, dictsClosed, listenersClosed = "", "", "", "", ""

func begin(t *testing.T, _ string) {
	t.Helper()
	t.Skip(missing)
}

func dieNow() { panic(missing) }

func killed(*os.ProcessState) bool { panic(missing) }

func unmap([]byte) bool { panic(missing) }

func makePipe(string) error { panic(missing) }

func hold(testing.TB, string) func() { panic(missing) }

func held(string) bool { panic(missing) }

func busy(*testing.T, string) (func(), func() bool) { panic(missing) }
