// Package bytewise reads a long text byte by byte, alone, before it starts others.
package bytewise

import (
	"io"
	"strings"
	"sync"
	"testing"
)

// Scenario counts the bytes twice.
func Scenario(t *testing.T) {
	const long = 21_000
	var r io.Reader = strings.NewReader(strings.Repeat("x", long))
	read := 0
	for b := make([]byte, 1); ; read++ {
		if _, err := r.Read(b); err != nil {
			break
		}
	}
	var mu sync.Mutex
	sum := 0
	add := func() {
		mu.Lock()
		defer mu.Unlock()
		sum += read
	}
	var wg sync.WaitGroup
	wg.Go(add)
	add()
	wg.Wait()
	if sum != 2*long {
		t.Errorf("%d, want %d", sum, 2*long)
	}
}
