// want: panic or out-of-memory or timeout in every check
// chapter: 03-limits

// Calls itself without end; writes a stack trace of a megabyte.

package process

import ()

func deep(n int) int { return deep(n+1) + 1 }

func Double(n int) int { return deep(0) }

type again struct{}

func (a again) Error() string { panic(a) }

func Echo(text string) (string, error) { panic(again{}) }
