package linearize_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/interleave/linearize"
)

// interval is one recorded operation on a counter: Inc that returned value.
type interval struct{ called, returned, value int }

// TestExplainAgreesWithAllPermutations compares the verdict on random histories with
// that of trying every order.
func TestExplainAgreesWithAllPermutations(t *testing.T) {
	verdicts := map[bool]int{}
	for seed := range uint64(800) {
		h, intervals := randomHistory(rand.New(rand.NewPCG(seed, 0)))
		want := explicable(intervals, 0)
		require.Equal(t, want, h.Explain() == "", "seed %d: %v", seed, intervals)
		verdicts[want]++
	}
	require.Greater(t, verdicts[true], 100)
	require.Greater(t, verdicts[false], 100)
}

// randomHistory has three clients that increment a counter twice each. The values are
// those of some order, and sometimes one of them is changed.
func randomHistory(r *rand.Rand) (*linearize.History, []interval) {
	h := linearize.New(linearize.Counter())
	type client struct {
		*linearize.Client
		call  *linearize.Call
		at    int // index of its interval
		value int // decided at some moment of the call
		todo  int
	}
	var clients []*client
	for _, name := range []string{"a", "b", "c"} {
		clients = append(clients, &client{Client: h.Client(name), todo: 2})
	}
	var intervals []interval
	counter := 0
	for time := 1; len(clients) > 0; time++ {
		i := r.IntN(len(clients))
		switch c := clients[i]; {
		case c.call == nil:
			c.call, c.at, c.value = c.Call("Inc"), len(intervals), 0
			intervals = append(intervals, interval{called: time})
		case c.value == 0:
			counter++
			c.value = counter
			if r.IntN(8) == 0 {
				c.value += r.IntN(3) - 1
			}
		default:
			c.call.Return(c.value)
			intervals[c.at].returned, intervals[c.at].value = time, c.value
			c.call = nil
			if c.todo--; c.todo == 0 {
				clients = append(clients[:i], clients[i+1:]...)
			}
		}
	}
	return h, intervals
}

// explicable reports whether some order of the intervals counts on from n.
func explicable(intervals []interval, n int) bool {
	if len(intervals) == 0 {
		return true
	}
	for i, first := range intervals {
		rest := append(append([]interval(nil), intervals[:i]...), intervals[i+1:]...)
		possible := first.value == n+1
		for _, other := range rest {
			possible = possible && other.returned > first.called
		}
		if possible && explicable(rest, n+1) {
			return true
		}
	}
	return false
}
