// want: panic in every check
// chapter: 02-process

// Panics when the package is initialised.

package process

import ()

var _ = func() int { panic("PASS") }()

func Double(n int) int { return -1 }

func Echo(text string) (string, error) { return "", nil }
