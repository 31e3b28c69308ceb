//go:build unix && !aix && !solaris

package rt

import (
	"syscall"
	"unsafe"
)

// flocks stands for all the locks that the kernel keeps: which files are the same, it alone
// knows.
var flocks byte

// Flock is syscall.Flock(fd, how). During an exploration it asks the kernel again and again
// instead of waiting there, where nobody could let go of the lock: one goroutine runs at a
// time.
//
//go:norace
func Flock(fd, how int) error {
	g := current()
	if g == nil {
		return syscall.Flock(fd, how)
	}
	o := g.s.object(unsafe.Pointer(&flocks))
	for {
		g.point(OpFlock, o)
		err := syscall.Flock(fd, how|syscall.LOCK_NB)
		if err == nil {
			g.s.wrote(g, o)
			return nil
		}
		g.s.read(g, o)
		if err != syscall.EWOULDBLOCK || how&syscall.LOCK_NB != 0 {
			return err
		}
	}
}
