// Package sleepsync sleeps until the other goroutine must have finished: long enough,
// but no order.
//
// want: race
package sleepsync

import (
	"testing"
	"time"
)

// Scenario reads a result after a while.
func Scenario(t *testing.T) {
	result := 0
	go func() { result = 7 }()
	time.Sleep(2 * time.Millisecond)
	if result != 7 {
		t.Errorf("result is %d, want 7", result)
	}
}
