// want: missing in every check
// chapter: 02-process

package process

import "syscall"

var _ = func() int { syscall.Exit(0); return 0 }()

func Double(n int) int                 { return 0 }
func Echo(text string) (string, error) { return "", nil }
