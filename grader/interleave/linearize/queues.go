package linearize

import (
	"fmt"
	"slices"
)

// FIFO is a queue that gives out first what came first. It has room for room items;
// 0 means any number.
//
// The operations are Put, TryPut or Push with an item, and Get, TryGet or Pop, whose
// first result is the item; Len, Empty and Full. If the last result of an operation is
// false or an error, it did nothing, which it may only if the queue is full or empty
// then; an operation whose context ended may do nothing at any time.
func FIFO(room int) Model[[]any] {
	return queue("a FIFO queue", room, func(items []any, _ any) int { return len(items) })
}

// LIFO is a stack: like FIFO, but it gives out first what came last.
func LIFO(room int) Model[[]any] {
	return queue("a LIFO queue", room, func([]any, any) int { return 0 })
}

// Priority is a queue that gives out first what is least by compare, and what came
// first among equals. The rest is as in FIFO.
func Priority(room int, compare func(a, b any) int) Model[[]any] {
	return queue("a priority queue", room, func(items []any, item any) int {
		i := slices.IndexFunc(items, func(other any) bool { return compare(item, other) < 0 })
		if i < 0 {
			return len(items)
		}
		return i
	})
}

// queue keeps its items in the order in which they leave; place says where a new one
// goes.
func queue(name string, room int, place func(items []any, item any) int) Model[[]any] {
	if room > 0 {
		name += fmt.Sprintf(" with room for %d", room)
	}
	step := func(items []any, op Op) ([]any, bool) {
		full := room > 0 && len(items) == room
		switch op.Name {
		case "Put", "TryPut", "Push":
			if op.GaveUp() || op.Refused() {
				return items, full || op.GaveUp()
			}
			return slices.Insert(slices.Clone(items), place(items, op.Args[0]), op.Args[0]), !full
		case "Get", "TryGet", "Pop":
			if op.GaveUp() || op.Refused() {
				return items, len(items) == 0 || op.GaveUp()
			}
			if len(items) == 0 {
				return items, false
			}
			return items[1:], op.returned(0, items[0])
		case "Len":
			return items, op.returned(0, len(items))
		case "Empty":
			return items, op.returned(0, len(items) == 0)
		case "Full":
			return items, op.returned(0, full)
		}
		unknown(name, op)
		return nil, false
	}
	return Model[[]any]{Name: name, Step: step}
}
