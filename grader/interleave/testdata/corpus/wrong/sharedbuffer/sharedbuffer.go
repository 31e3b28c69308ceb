// Package sharedbuffer lets all users of a sink write into one scratch buffer,
// because nobody reads it. The bug is the second example of The Go Blog,
// "Introducing the Go Race Detector" (ioutil.Discard).
//
// want: race
package sharedbuffer

import (
	"sync"
	"testing"
)

type sink struct{ scratch [8]byte }

func (s *sink) drain(from string) int {
	n := 0
	for len(from) > 0 {
		k := copy(s.scratch[:], from)
		n += k
		from = from[k:]
	}
	return n
}

// Scenario drains two strings at once.
func Scenario(t *testing.T) {
	var s sink
	var wg sync.WaitGroup
	for _, text := range []string{"concurrent", "goroutines"} {
		wg.Go(func() {
			if n := s.drain(text); n != len(text) {
				t.Errorf("drained %d bytes, want %d", n, len(text))
			}
		})
	}
	wg.Wait()
}
