//go:build !race

package rt

// Race says whether the race detector is on.
const Race = false

//go:norace
func raceOff() {}

//go:norace
func raceOn() {}

//go:norace
func acquire(*uint64) {}

//go:norace
func release(*uint64) {}

//go:norace
func releaseMerge(*uint64) {}

//go:norace
func markRead(*uint64) {}

//go:norace
func markWrite(*uint64) {}

// Races returns how many races the detector has reported in this process.
//
//go:norace
func Races() int { return 0 }
