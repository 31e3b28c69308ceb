// Package fetch asks several sources and takes the first answer.
package fetch

// First calls every source at once and returns the first answer. When it has returned
// no goroutine of it is left once the sources have returned.
func First(sources ...func() int) int {
	// TODO(4.1): ask all of them.
	return 0
}
