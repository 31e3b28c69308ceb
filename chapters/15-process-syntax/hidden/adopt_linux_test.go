//go:build grade

package hidden

import "syscall"

// adopt makes this process the one that gets the orphans among its descendants, as service managers and
// the first process of a container do. Else that is number 1.
func adopt() error {
	const setChildSubreaper = 36 // package syscall has no name for it
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, setChildSubreaper, 1, 0); errno != 0 {
		return errno
	}
	return nil
}
