package exam

import (
	"sync/atomic"
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

// Days calls body in a Bubble, with a function that lets some days pass there: more than anybody
// makes up a limit for. If somebody looks again and again meanwhile it lets as much pass as it
// can in a while of real time, so of them it finds only short limits for sure. No time passes in
// a bubble while anybody waits for a sync.Mutex: so nobody is to wait beside another one of the
// same kind.
func Days(t *testing.T, body func(t *testing.T, pass func())) {
	t.Helper()
	var enough atomic.Bool
	defer time.AfterFunc(time.Second/2, func() { enough.Store(true) }).Stop() // outside of the bubble
	Bubble(t, func(t *testing.T) {
		body(t, func() {
			for d := time.Millisecond; d < 100*time.Hour && !enough.Load(); d *= 8 {
				time.Sleep(d)
			}
		})
	})
}
