// Package latewrite tells that its result is there just before it is.
//
// want: race
package latewrite

import (
	"testing"
)

// Scenario waits for a result.
func Scenario(t *testing.T) {
	done := make(chan struct{}, 1)
	result := 0
	go func() {
		done <- struct{}{}
		result = 7
	}()
	<-done
	if result != 0 && result != 7 {
		t.Errorf("result is %d, want 7", result)
	}
}
