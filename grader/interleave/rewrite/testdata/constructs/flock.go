//go:build unix && !aix && !solaris

package main

import "syscall"

var _ = add("flock", func(p printer) {
	lock := syscall.Flock
	p(syscall.Flock(-1, syscall.LOCK_EX), lock(
		-1,
		syscall.LOCK_UN,
	))
})
