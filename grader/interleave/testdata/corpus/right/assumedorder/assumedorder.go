// Package assumedorder sends the index along with each result.
package assumedorder

import (
	"testing"

	"github.com/stretchr/testify/require"
)

type result struct{ index, value int }

func squares(in []int) []int {
	results := make(chan result)
	for i, v := range in {
		go func() { results <- result{i, v * v} }()
	}
	out := make([]int, len(in))
	for range in {
		r := <-results
		out[r.index] = r.value
	}
	return out
}

// Scenario asks for two squares.
func Scenario(t *testing.T) {
	require.Equal(t, []int{4, 9}, squares([]int{2, 3}))
}
