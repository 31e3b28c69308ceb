// want: missing or panic or fail in every check
// chapter: 02-process

// A panic whose text, when the runtime asks for it, ends the program.

package process

import (
	"syscall"
)

type end struct{}

func (end) Error() string { syscall.Exit(0); return "" }

func Double(n int) int { panic(end{}) }

func Echo(text string) (string, error) { return text, end{} }
