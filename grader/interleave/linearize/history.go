package linearize

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
)

// History is a record of concurrent operations on one object.
type History struct {
	spec    *spec
	clients []*Client
	clock   atomic.Int64
}

// New returns an empty history that is to be explained by model.
func New[S any](model Model[S]) *History {
	return &History{spec: model.erase()}
}

// Client returns a recorder for one goroutine's operations, named as the timeline is
// to call it. It must be called by the goroutine that owns the history, before the
// client's goroutine starts.
func (h *History) Client(name string) *Client {
	c := &Client{history: h, name: name}
	h.clients = append(h.clients, c)
	return c
}

// Check fails the test, with the text of Explain, unless the model explains the
// history. It must be called after the clients' goroutines have been waited for.
func (h *History) Check(t testing.TB) {
	t.Helper()
	if text := h.Explain(); text != "" {
		t.Error(text)
	}
}

// Client records the operations of one goroutine. Only that goroutine may use it.
type Client struct {
	history *History
	name    string
	calls   []*Call
}

// Call records that the client is about to call the operation name with args. The
// arguments must not change afterwards.
func (c *Client) Call(name string, args ...any) *Call {
	call := &Call{client: c, Op: Op{Name: name, Args: args}, called: c.history.now()}
	c.calls = append(c.calls, call)
	return call
}

// Call is one operation that has been called and may have returned.
type Call struct {
	Op
	client           *Client
	called, returned int64 // times by the history's clock; returned is 0 while it has not
}

// Return records that the operation has returned results. The results must not change
// afterwards.
func (c *Call) Return(results ...any) {
	if c.returned != 0 {
		panic(fmt.Sprintf("linearize: %s returned twice", c))
	}
	c.Results = results
	c.returned = c.client.history.now()
}

// now returns the next time. The clock orders the calls for us, but must not order
// the goroutines for the race detector.
func (h *History) now() int64 {
	raceDisable()
	defer raceEnable()
	return h.clock.Add(1)
}

// finished returns all calls by the time of their return. It panics if one has not
// returned: a history that is still being written cannot be judged.
func (h *History) finished() []*Call {
	var calls []*Call
	for _, c := range h.clients {
		calls = append(calls, c.calls...)
	}
	for _, c := range calls {
		if c.returned == 0 {
			panic(fmt.Sprintf("linearize: %s by %s has not returned", c, c.client.name))
		}
	}
	slices.SortFunc(calls, func(a, b *Call) int { return int(a.returned - b.returned) })
	return calls
}
