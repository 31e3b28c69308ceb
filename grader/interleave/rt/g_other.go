//go:build !amd64 && !arm64

package rt

import "runtime"

// getg identifies the calling goroutine among those that are alive. It reads the
// number out of the stack's first line, "goroutine 17 [running]:".
//
//go:norace
func getg() uintptr {
	var buf [32]byte
	n := runtime.Stack(buf[:], false)
	var id uintptr
	for i := len("goroutine "); i < n && buf[i] >= '0' && buf[i] <= '9'; i++ {
		id = id*10 + uintptr(buf[i]-'0')
	}
	return id
}
