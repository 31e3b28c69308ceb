// want: missing in every check
// chapter: 02-process

// One exit that package testing hooks, and one that it does not.

package process

import (
	"os"
	"syscall"
)

func Double(n int) int { os.Exit(0); return 0 }

func Echo(text string) (string, error) { syscall.Exit(0); return "", nil }
