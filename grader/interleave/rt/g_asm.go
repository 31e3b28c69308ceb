//go:build amd64 || arm64

package rt

// getg identifies the calling goroutine among those that are alive.
func getg() uintptr
