// Command table is the Go side of the table in the notes.
package main

import (
	"container/heap"
	"context"
	"fmt"
	"sort"
	"time"
)

// numbers is a heap of numbers.
type numbers struct{ sort.IntSlice }

func (n *numbers) Push(x any) { n.IntSlice = append(n.IntSlice, x.(int)) }

func (n *numbers) Pop() any {
	last := n.IntSlice[n.Len()-1]
	n.IntSlice = n.IntSlice[:n.Len()-1]
	return last
}

func main() {
	q := make(chan string, 2)
	q <- "a"
	q <- "b"
	select {
	case q <- "c":
		fmt.Println("there was room")
	default:
		fmt.Println("full:", len(q) == cap(q), "and it holds", len(q))
	}
	fmt.Println(<-q, <-q)

	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	select {
	case item := <-q:
		fmt.Println(item)
	case <-ctx.Done():
		fmt.Println("gave up:", ctx.Err())
	}

	var stack []string
	stack = append(stack, "first", "last")
	fmt.Println(stack[len(stack)-1])

	urgent := &numbers{}
	heap.Push(urgent, 7)
	heap.Push(urgent, 3)
	fmt.Println(heap.Pop(urgent))
}
