package class

import "runtime/debug"

// heap is how much memory a class makes do with, in bytes, however large it is. What is
// needed at a time is a fraction of that; the rest is garbage, which the collector by
// itself would let grow with it. See GOMEMLIMIT in package runtime.
const heap = 64 << 20

// frugal has the process keep to heap, or to less where it was told so, until restore.
func frugal() (restore func()) {
	before := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(before, heap))
	return func() { debug.SetMemoryLimit(before) }
}
