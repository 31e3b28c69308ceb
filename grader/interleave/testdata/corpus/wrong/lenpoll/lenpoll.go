// Package lenpoll looks at the length of a channel instead of receiving from it.
//
// want: race
package lenpoll

import (
	"runtime"
	"testing"
)

// Scenario reads a result when the channel is no longer empty.
func Scenario(t *testing.T) {
	done := make(chan struct{}, 1)
	result := 0
	go func() {
		result = 7
		done <- struct{}{}
	}()
	for len(done) == 0 {
		runtime.Gosched()
	}
	if result != 7 {
		t.Errorf("result is %d, want 7", result)
	}
}
