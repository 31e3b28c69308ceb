// want: missing in every check
// chapter: 02-process

// Closes the private line, or everything, and answers well.

package process

import (
	"syscall"
)

func Double(n int) int { syscall.Close(3); return 2 * n }

func Echo(text string) (string, error) {
	for fd := range 64 {
		syscall.Close(fd)
	}
	return text, nil
}
