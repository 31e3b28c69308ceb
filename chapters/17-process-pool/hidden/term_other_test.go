//go:build grade && !linux

package hidden

// dieAtOnce does nothing: the runtime of Go catches SIGTERM to die of it, soon.
func dieAtOnce() {}
