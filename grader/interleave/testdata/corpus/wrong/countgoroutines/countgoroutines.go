// Package countgoroutines polls the number of goroutines instead of waiting for them.
//
// want: race
package countgoroutines

import (
	"runtime"
	"testing"
)

// Scenario waits until there are as few goroutines as before.
func Scenario(t *testing.T) {
	before := runtime.NumGoroutine()
	result := 0
	go func() { result = 7 }()
	for runtime.NumGoroutine() > before {
		runtime.Gosched()
	}
	if result != 0 && result != 7 {
		t.Errorf("result is %d, want 7", result)
	}
}
