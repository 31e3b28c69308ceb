//go:build unix

package exam

import (
	"syscall"
	"time"
)

// spent returns the processor time that this process has used. It is a variable for the
// tests: in a bubble of synctest no real time passes.
var spent = func() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
