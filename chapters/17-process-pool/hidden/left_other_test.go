//go:build grade && !unix

package hidden

import "testing"

// nobodyLeft cannot be checked: Windows knows neither zombies nor a way to ask for all
// children of a process.
func nobodyLeft(t *testing.T, when string) {}

// openPipes cannot be counted: Windows has handles, and numbers them as it likes.
func openPipes() int { return 0 }
