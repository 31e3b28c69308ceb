package linearize_test

import (
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"lockstep/grader/interleave/linearize"
)

// mutexQueue is a right FIFO queue with room for two.
type mutexQueue struct {
	mu    sync.Mutex
	items []int
}

func (q *mutexQueue) Put(v int) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 2 {
		return false
	}
	q.items = append(q.items, v)
	return true
}

func (q *mutexQueue) Get() (int, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		return 0, false
	}
	v := q.items[0]
	q.items = q.items[1:]
	return v, true
}

func TestARightQueueIsExplained(t *testing.T) {
	for range 100 {
		var q mutexQueue
		h := linearize.New(linearize.FIFO(2))
		var wg sync.WaitGroup
		for i, name := range []string{"a", "b", "c"} {
			c := h.Client(name)
			wg.Go(func() {
				c.Call("Put", i).Return(q.Put(i))
				c.Call("Get").Return(q.Get())
				c.Call("Put", i+3).Return(q.Put(i + 3))
			})
		}
		wg.Wait()
		h.Check(t)
	}
}

func TestExplainNamesTheFirstResultWithoutExplanation(t *testing.T) {
	h := linearize.New(linearize.FIFO(2))
	a, b := h.Client("a"), h.Client("b")

	put := a.Call("Put", 1)
	get := b.Call("Get")
	put.Return(true)
	a.Call("Put", 2).Return(true)
	get.Return(1, true)
	b.Call("Get").Return(1, true) // the same item again
	a.Call("Get").Return(2, true)

	require.Equal(t, strings.TrimPrefix(`
No order of the calls explains that Get() by b returned 1, true.
It is to act like a FIFO queue with room for 2. What returned before is
explained by this order: Put(1) = true; Get() = 1, true; Put(2) = true.

    a                       b
  1 ┌ Put(1)
  2 │                       ┌ Get()
  3 └ true                  │
  4 ┌ Put(2)                │
  5 └ true                  │
  6                         └ 1, true
  7                         ┌ Get()
  8                         └ 1, true <<
  9 ┌ Get()
 10 └ 2, true
`, "\n"), h.Explain())
}

func TestACallUnderWayMayExplainAResult(t *testing.T) {
	h := linearize.New(linearize.FIFO(0))
	a, b := h.Client("a"), h.Client("b")
	put := a.Call("Put", 1)
	b.Call("Get").Return(1, true) // Put has had its effect, though it has not returned
	put.Return()
	require.Empty(t, h.Explain())
}

func TestExplanationsFitEightyColumns(t *testing.T) {
	h := linearize.New(linearize.Register("start"))
	long := strings.Repeat("ü", 100)
	var clients []*linearize.Client
	for _, name := range []string{"the first writer", "the second writer", "the third writer", "reader"} {
		clients = append(clients, h.Client(name))
	}
	for _, c := range clients {
		c.Call("Store", long).Return()
	}
	clients[3].Call("Load").Return("start")
	text := h.Explain()
	require.NotEmpty(t, text)
	timeline := text[strings.Index(text, "\n\n"):]
	for line := range strings.Lines(timeline) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), 80, line)
	}
}

func TestAnEmptyHistoryIsExplained(t *testing.T) {
	require.Empty(t, linearize.New(linearize.Counter()).Explain())
}

func TestAnUnfinishedHistoryIsNotJudged(t *testing.T) {
	h := linearize.New(linearize.Counter())
	h.Client("a").Call("Inc")
	require.PanicsWithValue(t, "linearize: Inc() by a has not returned", func() { h.Explain() })
}

func TestAnUnknownOperationIsTheTestsMistake(t *testing.T) {
	h := linearize.New(linearize.Counter())
	h.Client("a").Call("Frobnicate").Return()
	require.PanicsWithValue(t, "linearize: the model of a counter knows no operation Frobnicate()",
		func() { h.Explain() })
}
