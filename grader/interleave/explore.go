// Package interleave runs a test's body under the schedules of its goroutines.
package interleave

import "testing"

// Option changes how Explore searches.
type Option func(*options)

type options struct{}

// Explore runs body under many schedules.
func Explore(t *testing.T, body func(t *testing.T), opts ...Option) {
	body(t)
}
