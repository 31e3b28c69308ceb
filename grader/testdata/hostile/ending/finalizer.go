// want: missing in TestDouble, fail in TestEcho
// chapter: 02-process

// Leaves the end to the garbage collector.

package process

import (
	"os"
	"runtime"
)

func Double(n int) int {
	runtime.SetFinalizer(new([100]int), func(*[100]int) { os.Exit(0) })
	for {
		runtime.GC()
	}
}

func Echo(text string) (string, error) { return "", nil }
