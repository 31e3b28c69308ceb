//go:build grade && !linux

package hidden

// adopt changes nothing here: number 1 gets all orphans.
func adopt() error { return nil }
