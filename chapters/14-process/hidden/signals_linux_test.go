//go:build grade && linux

package hidden

import (
	"os"
	"syscall"
	"unsafe"
)

// otherSignals end a process that does not care, but not one in Go: one that has a name, and one
// that has none.
var otherSignals = []syscall.Signal{syscall.SIGUSR1, 40}

// byDefault undoes what the runtime of Go does about a signal. From now on it ends the process
// as soon as it is sent.
func byDefault(signal syscall.Signal) error {
	var action [8]uintptr // a sigaction of zeros; large enough
	const setSize = 8     // bytes, of a set of signals
	_, _, errno := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(signal), uintptr(unsafe.Pointer(&action)), 0, setSize, 0, 0)
	if errno != 0 {
		return os.NewSyscallError("rt_sigaction", errno)
	}
	return nil
}
