// Package firstwins asks two replicas and takes the first answer; the second has
// nowhere to go.
//
// want: leak
package firstwins

import (
	"testing"
)

// Scenario asks two replicas.
func Scenario(t *testing.T) {
	answers := make(chan string)
	for _, replica := range []string{"a", "b"} {
		go func() { answers <- replica }()
	}
	if first := <-answers; first == "" {
		t.Error("no answer")
	}
}
