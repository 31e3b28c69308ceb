// want: panic in every check
// chapter: 02-process

// Declares the flags of package testing before it does.

package process

import (
	"flag"
)

var run = flag.String("test.run", "Nothing", "")

func Double(n int) int { return -1 }

func Echo(text string) (string, error) { return "", nil }
