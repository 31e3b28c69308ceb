//go:build linux && !amd64 && !arm64

package sandbox

// filter returns nothing: the numbers of this machine's system calls were not gone through.
func filter() []byte { return nil }
