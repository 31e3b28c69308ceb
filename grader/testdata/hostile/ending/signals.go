// want: missing or panic in every check
// chapter: 02-process

// Ends by signals.

package process

import (
	"os"
	"syscall"
)

func Double(n int) int { syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} }

func Echo(text string) (string, error) { syscall.Kill(os.Getpid(), syscall.SIGSEGV); select {} }
