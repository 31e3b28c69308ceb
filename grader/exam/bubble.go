package exam

import (
	"testing"
	"testing/synctest"
	"time"
)

// afterwards is how long goroutines may take that end by themselves.
const afterwards = time.Minute

// Bubble calls body in a bubble of package synctest, where time is virtual and no schedules are
// explored: for scenarios with so many goroutines that an exploration would take its time. Who
// ends by himself when body has returned, and some time has passed, has not been left behind, as
// in an exploration; synctest.Test alone would let no more time pass.
func Bubble(t *testing.T, body func(t *testing.T)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		body(t)
		time.Sleep(afterwards)
	})
}
