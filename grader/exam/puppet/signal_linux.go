package puppet

import (
	"os"
	"syscall"
	"unsafe"
)

// DieOf makes a signal end this process as soon as it is sent. The runtime of Go, whose handler
// it takes away, catches one like SIGTERM to die of it soon, and a SIGKILL may overtake it.
func DieOf(signal syscall.Signal) error {
	var action [8]uintptr // a sigaction of zeros; large enough
	const setSize = 8     // bytes, of a set of signals
	_, _, errno := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(signal), uintptr(unsafe.Pointer(&action)), 0, setSize, 0, 0)
	if errno != 0 {
		return os.NewSyscallError("rt_sigaction", errno)
	}
	return nil
}
