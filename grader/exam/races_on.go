//go:build race

package exam

import "runtime"

// raceErrors counts the races that the detector has reported in this process.
func raceErrors() int { return runtime.RaceErrors() }
