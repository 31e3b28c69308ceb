//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	pool "lockstep/chapters/17-process-pool"
	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// light is for scenarios in which little is at stake at any one moment.
var light = []interleave.Option{interleave.Preemptions(1), interleave.Budget(300), interleave.Schedules(50)}

// thorough is for those that are about one moment.
var thorough = []interleave.Option{interleave.Budget(1500), interleave.Schedules(200)}

// crowded is for those in which there are many, of tasks or of workers: the schedules are long, and a few will do.
var crowded = []interleave.Option{interleave.Preemptions(0), interleave.Budget(1), interleave.Schedules(1)}

// leaky adds that workers may be left: there is no Join yet.
func leaky(options []interleave.Option) []interleave.Option {
	return append([]interleave.Option{interleave.AllowLeaks()}, options...)
}

// shop starts workers that live in this process, so that an exploration can see them. It
// counts, and orders nothing that the pool does not order.
type shop struct {
	t     testing.TB
	do    func(h *hand, task string) (string, error) // what they do; it must do no more than wait
	open  func(number int) error                     // what start waits for and returns; nil: nothing
	close func(h *hand)                              // what Close waits for; nil: nothing
	kill  func(h *hand)                              // what Kill waits for; nil: nothing

	started, ended exam.Count // workers, alive in between
	closed         exam.Count // workers that a Close ended
	alive          exam.Peak  // workers
	working        exam.Peak  // tasks
	begun          exam.Count // tasks
	asked, killed  exam.Count // calls of Kill that have begun, and that have returned

	// The first workers are made before there is a pool, so that whoever comes to kill
	// one need not have synchronised with whoever started it.
	first [8]hand
}

// newShop returns a shop whose workers do that.
func newShop(t testing.TB, do func(h *hand, task string) (string, error)) *shop {
	s := &shop{t: t, do: do}
	for i := range s.first {
		s.first[i].init(s, i+1)
	}
	return s
}

// pool returns a pool of such workers.
func (s *shop) pool(options pool.Options) *pool.Pool { return pool.New(options, s.start) }

func (s *shop) start() (pool.Worker, error) {
	number := s.started.Add()
	s.alive.Enter()
	if s.open != nil {
		if err := s.open(number); err != nil {
			s.alive.Leave()
			s.ended.Add()
			return (*hand)(nil), err // as StartProcess does it, too
		}
	}
	if number <= len(s.first) {
		return &s.first[number-1], nil
	}
	h := new(hand)
	h.init(s, number)
	return h, nil
}

// left checks that no worker is alive.
func (s *shop) left(when string) {
	s.t.Helper()
	exam.Equal(s.t, "workers alive", s.started.Load()-s.ended.Load(), 0, when)
}

// since returns how long ago that was, rounded: who looks now and then is in time, too.
func since(began time.Time) string { return time.Since(began).Round(second / 4).String() }

// over checks that no worker is alive, and that nobody is still busy with killing one.
func (s *shop) over(when string) {
	s.t.Helper()
	s.left(when)
	exam.Equal(s.t, "calls of Kill that have not returned", s.asked.Load()-s.killed.Load(), 0, when)
}

// A step is what a worker is at: it is being started, does a task, or is being closed.
type step struct {
	number int    // of the worker
	at     string // "start", "Do" or "Close"
}

// meet has two workers wait for each other, each at its step.
func (s *shop) meet(a, b step, when string) {
	meeting := exam.NewRendezvous(s.t, 2, fmt.Sprintf("workers, number %d in %s and number %d in %s: %s", a.number, a.at, b.number, b.at, when))
	reach := func(now step) {
		if now == a || now == b {
			meeting.Meet()
		}
	}
	do := s.do
	s.do = func(h *hand, task string) (string, error) {
		reach(step{h.number, "Do"})
		return do(h, task)
	}
	s.open = func(number int) error {
		reach(step{number, "start"})
		return nil
	}
	s.close = func(h *hand) { reach(step{h.number, "Close"}) }
}

// atMost checks how many workers lived at the same time.
func (s *shop) atMost(n int, when string) {
	s.t.Helper()
	if most := s.alive.Most(); most > n {
		s.t.Errorf("workers alive at the same time = %d, want at most %d: %s", most, n, when)
	}
}

// hand is a worker.
type hand struct {
	shop   *shop
	number int // from 1, in the order of their starts
	gone   chan struct{}
	once   sync.Once
	busy   exam.Peak
	tasks  int  // it was given; plain, for it is for one goroutine at a time
	shut   bool // Close has been called; likewise
}

func (h *hand) init(s *shop, number int) {
	h.shop, h.number, h.gone = s, number, make(chan struct{})
}

// dies waits until the worker has been killed.
func (h *hand) dies() error {
	<-h.gone
	return fmt.Errorf("worker %d was killed: %w", h.number, pool.ErrCrashed)
}

// crash ends the worker.
func (h *hand) crash() (string, error) {
	return "", fmt.Errorf("worker %d: %w", h.number, pool.ErrCrashed)
}

func (h *hand) end() (first bool) {
	h.once.Do(func() {
		first = true
		h.shop.alive.Leave()
		h.shop.ended.Add()
		close(h.gone)
	})
	return first
}

func (h *hand) isGone() bool {
	select {
	case <-h.gone:
		return true
	default:
		return false
	}
}

// Do does what the shop does.
func (h *hand) Do(task string) (string, error) {
	h.busy.Enter()
	defer h.busy.Leave()
	if h.busy.Most() > 1 {
		h.shop.t.Errorf("worker %d is given task %q while it does another one", h.number, task)
	}
	if h.shut {
		h.shop.t.Errorf("worker %d is given task %q after its Close", h.number, task)
	}
	h.tasks++
	if h.isGone() {
		return "", h.dies()
	}
	h.shop.begun.Add()
	h.shop.working.Enter()
	defer h.shop.working.Leave()
	answer, err := h.shop.do(h, task)
	if errors.Is(err, pool.ErrCrashed) {
		h.end()
	}
	return answer, err
}

// Close ends the worker.
func (h *hand) Close() {
	h.busy.Enter()
	defer h.busy.Leave()
	if h.busy.Most() > 1 {
		h.shop.t.Errorf("worker %d is closed while it does a task", h.number)
	}
	h.shut = true
	if h.isGone() {
		return
	}
	if h.shop.close != nil {
		h.shop.close(h)
	}
	if h.end() {
		h.shop.closed.Add()
	}
}

// Kill ends the worker.
func (h *hand) Kill() {
	h.shop.asked.Add()
	defer h.shop.killed.Add()
	if h.isGone() {
		return
	}
	if h.shop.kill != nil {
		h.shop.kill(h)
	}
	h.end()
	runtime.Gosched() // a Do or a Close that waited for the end may return sooner
}

// exclaim does any task at once.
func exclaim(h *hand, task string) (string, error) { return task + "!", nil }

// told are the errors that a caller tells apart.
var told = []error{
	pool.ErrCrashed, pool.ErrTerminated, pool.ErrClosed, pool.ErrRunning,
	errTask, errStart, context.Canceled, context.DeadlineExceeded,
}

// is checks that err is want, and nothing else besides.
func is(t testing.TB, call string, err, want error, when string) {
	t.Helper()
	if !exam.Error(t, call, err, want, when) {
		return
	}
	for _, other := range told {
		if errors.Is(err, other) && !errors.Is(want, other) {
			t.Errorf("%s = error %q, for which errors.Is(err, %q) holds as well, want only %q: %s", call, err, other, want, when)
		}
	}
}

// gets checks what r.Get returns; what names the call that returned r.
func gets(t testing.TB, r *pool.Result, what, want string, wantErr error, when string) {
	t.Helper()
	answer, err := r.Get(background)
	exam.Equal(t, "answer of "+what, answer, want, when)
	is(t, what, err, wantErr, when)
}

// got checks that r is done, and what r.Get returns then.
func got(t testing.TB, r *pool.Result, what, want string, wantErr error, when string) {
	t.Helper()
	answer, err := r.Get(ended())
	exam.Equal(t, "answer of "+what, answer, want, when)
	is(t, what, err, wantErr, when)
}

// applies checks what p.Apply returns.
func applies(t testing.TB, p *pool.Pool, task, want string, wantErr error, when string) {
	t.Helper()
	answer, err := p.Apply(task)
	call := fmt.Sprintf("Apply(%q)", task)
	exam.Equal(t, "answer of "+call, answer, want, when)
	is(t, call, err, wantErr, when)
}

// together checks that n tasks can be done at the same time.
func together(t testing.TB, s *shop, p *pool.Pool, n int, when string) {
	t.Helper()
	meeting := exam.NewRendezvous(t, n, "tasks being done, "+when)
	s.do = func(h *hand, task string) (string, error) {
		meeting.Meet()
		return task + "!", nil
	}
	var results []*pool.Result
	for range n {
		results = append(results, p.Submit("together"))
	}
	for _, r := range results {
		gets(t, r, `Submit("together")`, "together!", nil, when)
	}
	s.atMost(n, when)
}

// class returns which of the pool's errors err is.
func class(err error) string {
	for _, known := range []error{pool.ErrCrashed, pool.ErrTerminated, pool.ErrClosed} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if err == nil {
		return "no error"
	}
	return err.Error()
}
