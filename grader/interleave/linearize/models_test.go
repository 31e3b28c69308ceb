package linearize_test

import (
	"cmp"
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/interleave/linearize"
)

// step is one operation with its results, called and returned before the next.
type step struct {
	name    string
	args    []any
	results []any
}

func do(name string, args ...any) step   { return step{name: name, args: args} }
func (s step) gives(results ...any) step { s.results = results; return s }
func explain(h *linearize.History, run []step) string {
	c := h.Client("a")
	for _, s := range run {
		c.Call(s.name, s.args...).Return(s.results...)
	}
	return h.Explain()
}

func TestModels(t *testing.T) {
	type job struct {
		priority int
		name     string
	}
	byPriority := func(a, b any) int { return cmp.Compare(a.(job).priority, b.(job).priority) }
	late, soon, soonToo := job{2, "late"}, job{1, "soon"}, job{1, "soon too"}
	errFull := errors.New("full")

	for name, test := range map[string]struct {
		history      func() *linearize.History
		right, wrong []step
	}{
		"FIFO": {
			func() *linearize.History { return linearize.New(linearize.FIFO(2)) },
			[]step{do("Put", 1), do("Put", 2), do("Full").gives(true), do("Get").gives(1), do("Len").gives(1), do("Get").gives(2), do("Empty").gives(true)},
			[]step{do("Put", 1), do("Put", 2), do("Get").gives(2)},
		},
		"FIFO at its bound": {
			func() *linearize.History { return linearize.New(linearize.FIFO(1)) },
			[]step{do("TryPut", 1).gives(nil), do("TryPut", 2).gives(errFull), do("TryGet").gives(1, true), do("TryGet").gives(0, false)},
			[]step{do("TryPut", 1).gives(errFull)},
		},
		"FIFO given up": {
			func() *linearize.History { return linearize.New(linearize.FIFO(1)) },
			[]step{do("Put", 1).gives(context.Canceled), do("Get").gives(0, context.DeadlineExceeded), do("Len").gives(0)},
			[]step{do("Put", 1).gives(context.Canceled), do("Get").gives(1, nil)},
		},
		"LIFO": {
			func() *linearize.History { return linearize.New(linearize.LIFO(0)) },
			[]step{do("Push", 1), do("Push", 2), do("Pop").gives(2), do("Pop").gives(1), do("Pop").gives(0, false)},
			[]step{do("Push", 1), do("Push", 2), do("Pop").gives(1)},
		},
		"Priority": {
			func() *linearize.History { return linearize.New(linearize.Priority(0, byPriority)) },
			[]step{do("Put", late), do("Put", soon), do("Put", soonToo), do("Get").gives(soon), do("Get").gives(soonToo), do("Get").gives(late)},
			[]step{do("Put", soon), do("Put", soonToo), do("Get").gives(soonToo)},
		},
		"Counter": {
			func() *linearize.History { return linearize.New(linearize.Counter()) },
			[]step{do("Inc"), do("Add", 3).gives(4), do("Dec"), do("Value").gives(3)},
			[]step{do("Inc"), do("Inc"), do("Value").gives(1)},
		},
		"Register": {
			func() *linearize.History { return linearize.New(linearize.Register(0)) },
			[]step{do("CompareAndSwap", 0, 1).gives(true), do("CompareAndSwap", 0, 2).gives(false), do("Swap", 5).gives(1), do("Load").gives(5)},
			[]step{do("Store", 1), do("Load").gives(0)},
		},
		"Set": {
			func() *linearize.History { return linearize.New(linearize.Set()) },
			[]step{do("Add", "x").gives(true), do("Add", "x").gives(false), do("Contains", "x").gives(true), do("Remove", "x"), do("Len").gives(0)},
			[]step{do("Add", "x").gives(true), do("Add", "x").gives(true)},
		},
		"Map": {
			func() *linearize.History { return linearize.New(linearize.Map()) },
			[]step{do("Load", "k").gives("", false), do("LoadOrStore", "k", "v").gives("v", false), do("LoadOrStore", "k", "w").gives("v", true), do("Delete", "k"), do("Len").gives(0)},
			[]step{do("Store", "k", "v"), do("Load", "k").gives("", false)},
		},
		"Semaphore": {
			func() *linearize.History { return linearize.New(linearize.Semaphore(2)) },
			[]step{do("Acquire", 2), do("TryAcquire").gives(false), do("Release"), do("Acquire").gives(nil), do("Release", 2), do("Release").gives(errFull)},
			[]step{do("Acquire"), do("TryAcquire").gives(false)},
		},
		"Semaphore released too often": {
			func() *linearize.History { return linearize.New(linearize.Semaphore(1)) },
			[]step{do("Acquire", context.Background()).gives(context.Canceled), do("TryAcquire").gives(true), do("Release")},
			[]step{do("Release")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, explain(test.history(), test.right))
			require.NotEmpty(t, explain(test.history(), test.wrong))
		})
	}
}
