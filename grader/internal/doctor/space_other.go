//go:build !linux && !darwin && !freebsd

package doctor

// freeSpace returns -1: not known.
func freeSpace(string) int64 { return -1 }
