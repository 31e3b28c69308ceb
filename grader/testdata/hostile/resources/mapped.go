// want: out-of-memory or timeout in TestDouble, fail in TestEcho
// chapter: 03-limits

// Maps memory that the runtime does not count, and shared memory.

package process

import (
	"os"
	"syscall"
)

func fill(fd, flags int) {
	area, err := syscall.Mmap(fd, 0, 1<<30, syscall.PROT_READ|syscall.PROT_WRITE, flags)
	if err != nil {
		return
	}
	for i := 0; i < len(area); i += 4096 {
		area[i] = 1
	}
}

func Double(n int) int { fill(-1, syscall.MAP_ANON|syscall.MAP_PRIVATE); select {} }

func Echo(text string) (string, error) {
	if f, err := os.OpenFile("/dev/shm/x", os.O_CREATE|os.O_RDWR, 0o600); err == nil {
		f.Truncate(1 << 30)
		fill(int(f.Fd()), syscall.MAP_SHARED)
		return text, nil
	}
	return "", nil
}
