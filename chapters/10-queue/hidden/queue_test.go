//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	queue "lockstep/chapters/10-queue"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
	"lockstep/grader/interleave/linearize"
)

// A Put that gives up may say, beside ctx.Err(), that the queue is full: that is not excluded.
func TestMain(m *testing.M) { exam.Main(m, queue.ErrFull, queue.ErrEmpty) }

var background = context.Background()

// settle returns when everybody else has done what can be done without the caller: time
// passes in an exploration only when nobody can run, and whoever polls looks now and then.
func settle() { time.Sleep(25 * time.Millisecond) }

// errCause is why contexts end here, which Err does not say.
var errCause = errors.New("cause, which is not what Err says")

// An end is a way in which a context has ended before it is used.
type end struct {
	how string
	err error // what Err says
	ctx func() context.Context
}

var ends = []end{
	{"was cancelled before", context.Canceled, func() context.Context {
		ctx, cancel := context.WithCancelCause(background)
		cancel(errCause)
		return ctx
	}},
	{"was cancelled long before its deadline", context.Canceled, func() context.Context {
		ctx, cancel := context.WithTimeout(background, time.Minute)
		cancel()
		return ctx
	}},
	{"had a deadline which is over", context.DeadlineExceeded, func() context.Context {
		ctx, cancel := context.WithDeadlineCause(background, time.Now().Add(-time.Second), errCause)
		cancel()
		return ctx
	}},
}

// endless returns a context that could end and does not: what waits for that is left behind.
func endless() context.Context {
	ctx, cancel := context.WithCancel(background)
	_ = cancel
	return ctx
}

// An order is one of the three kinds of a queue. Its items are strings; the first
// character of one is its priority.
type order struct {
	name  string
	make  func(room int) queue.Queue[string]
	model func(room int) linearize.Model[[]any]
	next  func(inside []string) int // of those inside, as they came, which one leaves next
}

var (
	fifo = order{
		"NewFIFO", queue.NewFIFO[string], linearize.FIFO,
		func([]string) int { return 0 },
	}
	lifo = order{
		"NewLIFO", queue.NewLIFO[string], linearize.LIFO,
		func(inside []string) int { return len(inside) - 1 },
	}
	priority = order{
		"NewPriority",
		func(room int) queue.Queue[string] { return queue.NewPriority(room, byFirst) },
		func(room int) linearize.Model[[]any] {
			return linearize.Priority(room, func(a, b any) int { return byFirst(a.(string), b.(string)) })
		},
		func(inside []string) int { return slices.Index(inside, slices.MinFunc(inside, byFirst)) },
	}
	orders = []order{fifo, lifo, priority}
)

func byFirst(a, b string) int { return strings.Compare(a[:1], b[:1]) }

// in explores body once for each kind of a queue. The exhaustive search comes first, and
// so finds what there is to find; of random schedules a few do, three times over.
func in(t *testing.T, kinds []order, body func(t *testing.T, o order), more ...interleave.Option) {
	t.Helper()
	options := append([]interleave.Option{interleave.Schedules(100)}, more...)
	for _, o := range kinds {
		interleave.Explore(t, func(t *testing.T) { body(t, o) }, options...)
	}
}

// few is for bodies in which no goroutine is to come between two steps of another one: all
// depends on which of them has its turn when the others wait.
var few = []interleave.Option{interleave.Preemptions(1), interleave.Budget(1000), interleave.Schedules(20)}

// alone explores body, which is one goroutine's: there is little to explore, even if the
// answer has others do its work.
func alone(t *testing.T, body func(t *testing.T)) {
	t.Helper()
	interleave.Explore(t, body, interleave.Budget(20), interleave.Schedules(1))
}

// after returns a function that reports whether that time has passed outside of all bubbles.
func after(d time.Duration) (passed func() bool, stop func() bool) {
	var over atomic.Bool
	return over.Load, time.AfterFunc(d, func() { over.Store(true) }).Stop
}

// A user uses a queue and checks every result; nobody else uses it meanwhile.
type user struct {
	t *testing.T
	q queue.Queue[string]
	// of is what the queue was made with: "NewFIFO(2)"
	of string
}

func (o order) user(t *testing.T, room int) user {
	return user{t, o.make(room), fmt.Sprintf("%s(%d)", o.name, room)}
}

func (u user) put(item string, want error, when string) {
	u.t.Helper()
	exam.Error(u.t, fmt.Sprintf("TryPut(%q)", item), u.q.TryPut(item), want, u.of+", "+when)
}

func (u user) get(want string, when string) {
	u.t.Helper()
	item, err := u.q.TryGet()
	if exam.Error(u.t, "TryGet()", err, nil, u.of+", "+when) {
		exam.Equal(u.t, "TryGet()", item, want, u.of+", "+when)
	}
}

func (u user) empty(when string) {
	u.t.Helper()
	item, err := u.q.TryGet()
	exam.Error(u.t, "TryGet()", err, queue.ErrEmpty, u.of+", "+when)
	exam.Equal(u.t, "TryGet(), with an error,", item, "", u.of+", "+when)
}

func (u user) len(want int, when string) {
	u.t.Helper()
	exam.Equal(u.t, "Len()", u.q.Len(), want, u.of+", "+when)
}

// A record is a queue whose calls are written down.
type record struct {
	*linearize.History
	q    queue.Queue[string]
	main client // the goroutine that makes the record, before and after all others
}

func (o order) record(room int) record {
	r := record{History: linearize.New(o.model(room)), q: o.make(room)}
	r.main = r.client("main")
	return r
}

func (r record) client(name string) client { return client{r.Client(name), r.q} }

// drain takes out what is left, so that the history has an end that says it.
func (r record) drain() {
	for {
		if _, err := r.main.tryGet(); err != nil {
			return
		}
	}
}

// A client is one goroutine that makes calls which are written down.
type client struct {
	*linearize.Client
	q queue.Queue[string]
}

func (c client) tryPut(item string) error {
	call := c.Call("TryPut", item)
	err := c.q.TryPut(item)
	call.Return(err)
	return err
}

func (c client) tryGet() (string, error) {
	call := c.Call("TryGet")
	item, err := c.q.TryGet()
	call.Return(item, err)
	return item, err
}

func (c client) put(ctx context.Context, item string) error {
	call := c.Call("Put", item)
	err := c.q.Put(ctx, item)
	call.Return(err)
	return err
}

func (c client) get(ctx context.Context) (string, error) {
	call := c.Call("Get")
	item, err := c.q.Get(ctx)
	call.Return(item, err)
	return item, err
}

func (c client) len() { c.Call("Len").Return(c.q.Len()) }
