package interleave_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave"
	"lockstep/grader/interleave/rt"
)

// What the programs below have in package-level variables.
var (
	last   *chan struct{} // whom the next one waits for
	token  chan int
	begun  sync.Once
	opened chan struct{}
)

func init() {
	rt.OnRestart(func() {
		last, token, opened = nil, nil, nil
		begun = sync.Once{}
	})
}

// TestWhatIsLeft has programs whose variables and primitives go together, in the schedules too
// that go on with what the last one has left.
func TestWhatIsLeft(t *testing.T) {
	for _, c := range []struct {
		name string
		body func(t *testing.T)
		want string // "" for a right one
	}{
		{"a queue of channels, of which each closes its own", func(*testing.T) {
			mine := make(chan struct{})
			if last != nil {
				rt.Recv(*last)
			}
			last = &mine
			rt.Close(mine)
		}, ""},
		{"a lock that is a channel with a token, made when it is needed", func(*testing.T) {
			if token == nil {
				token = make(chan int, 1)
				rt.SendTo(token).Do(1)
			}
			n := rt.Recv(token)
			rt.SendTo(token).Do(n + 1)
		}, ""},
		{"a channel made once, which everybody closes", func(*testing.T) {
			rt.OnceDo(&begun, func() { opened = make(chan struct{}) })
			rt.Close(opened)
		}, "close of closed channel"},
		{"a token that is not given back", func(*testing.T) {
			if token == nil {
				token = make(chan int, 1)
				rt.SendTo(token).Do(1)
			}
			rt.Recv(token)
		}, "deadlock"},
	} {
		r := interleave.ExploreHere("x", "", c.body)
		if c.want == "" {
			assert.Equal(t, wire.Explored, r.Kind, "%s: %s", c.name, r.Message)
		} else {
			assert.Equal(t, wire.Finding, r.Kind, c.name)
			assert.Contains(t, r.Status+": "+r.Message, c.want, c.name)
		}
	}
}
