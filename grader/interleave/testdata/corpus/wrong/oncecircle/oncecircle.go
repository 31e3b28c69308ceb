// Package oncecircle has two Onces whose functions use each other.
//
// want: deadlock
package oncecircle

import (
	"sync"
	"testing"
)

type services struct {
	logs, config sync.Once
	ready        bool
}

func (s *services) startLogs(nested bool) {
	s.logs.Do(func() {
		if nested {
			s.startConfig(false)
		}
	})
}

func (s *services) startConfig(nested bool) {
	s.config.Do(func() {
		if nested {
			s.startLogs(false)
		}
	})
}

// Scenario starts two services that need each other.
func Scenario(t *testing.T) {
	var s services
	var wg sync.WaitGroup
	wg.Go(func() { s.startLogs(true) })
	wg.Go(func() { s.startConfig(true) })
	wg.Wait()
}
