// Command equal puts orders that are equally urgent into a heap.
package main

import (
	"container/heap"
	"fmt"
)

// region heap
type Order struct {
	Urgency int
	For     string
}

type Orders []Order

func (o Orders) Less(i, j int) bool { return o[i].Urgency < o[j].Urgency }

// endregion

func (o Orders) Len() int      { return len(o) }
func (o Orders) Swap(i, j int) { o[i], o[j] = o[j], o[i] }
func (o *Orders) Push(x any)   { *o = append(*o, x.(Order)) }

func (o *Orders) Pop() any {
	last := (*o)[len(*o)-1]
	*o = (*o)[:len(*o)-1]
	return last
}

func main() {
	var orders Orders
	// region main
	for _, name := range []string{"Ann", "Bob", "Cem", "Dan"} {
		heap.Push(&orders, Order{1, name})
	}
	for orders.Len() > 0 {
		fmt.Print(heap.Pop(&orders).(Order).For, " ")
	}
	// endregion
	fmt.Println()
}
