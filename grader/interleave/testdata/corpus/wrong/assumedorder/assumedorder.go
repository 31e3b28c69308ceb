// Package assumedorder collects results from a channel in the order in which they
// arrive and takes it for the order in which they were asked for.
//
// want: wrong result
package assumedorder

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func squares(in []int) []int {
	results := make(chan int)
	for _, v := range in {
		go func() { results <- v * v }()
	}
	out := make([]int, 0, len(in))
	for range in {
		out = append(out, <-results)
	}
	return out
}

// Scenario asks for two squares.
func Scenario(t *testing.T) {
	require.Equal(t, []int{4, 9}, squares([]int{2, 3}))
}
