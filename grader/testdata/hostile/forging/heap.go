// want: rejected in policy
// chapter: 02-process

// Writes out the heap, the key included, to read it.

package process

import (
	"os"
	"runtime/debug"
)

func Double(n int) int {
	f, _ := os.Create("heap")
	debug.WriteHeapDump(f.Fd())
	return 0
}

func Echo(text string) (string, error) { return "", nil }
