//go:build race

package linearize

import "runtime"

// Between raceDisable and raceEnable the race detector ignores the goroutine's
// synchronisation.
func raceDisable() { runtime.RaceDisable() }
func raceEnable()  { runtime.RaceEnable() }
