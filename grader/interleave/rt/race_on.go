//go:build race

package rt

import (
	"runtime"
	"unsafe"
)

// Race says whether the race detector is on.
const Race = true

// raceOff hides the calling goroutine's synchronisation from the detector until raceOn.
//
//go:norace
func raceOff() { runtime.RaceDisable() }

//go:norace
func raceOn() { runtime.RaceEnable() }

//go:norace
func acquire(w *uint64) { runtime.RaceAcquire(unsafe.Pointer(w)) }

//go:norace
func release(w *uint64) { runtime.RaceRelease(unsafe.Pointer(w)) }

//go:norace
func releaseMerge(w *uint64) { runtime.RaceReleaseMerge(unsafe.Pointer(w)) }

// markRead and markWrite tell the detector of an access to w, so that it reports two
// operations which have to be ordered and are not.
//
//go:norace
func markRead(w *uint64) { runtime.RaceRead(unsafe.Pointer(w)) }

//go:norace
func markWrite(w *uint64) { runtime.RaceWrite(unsafe.Pointer(w)) }

// Races returns how many races the detector has reported in this process.
//
//go:norace
func Races() int { return runtime.RaceErrors() }
