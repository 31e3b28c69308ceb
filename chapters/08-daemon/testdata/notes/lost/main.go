// Command lost takes five orders, saves them in the background, and returns.
package main

import (
	"fmt"
	"sync"
	"time"
)

type book struct {
	mu     sync.Mutex
	orders []string
}

func (b *book) add(order string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.orders = append(b.orders, order)
}

// region saver
func (b *book) saveForEver() {
	for {
		time.Sleep(50 * time.Millisecond)
		b.mu.Lock()
		orders := b.orders
		b.orders = nil
		b.mu.Unlock()
		for _, order := range orders {
			save(order)
		}
	}
}

// endregion

// save writes the two halves of an order, and takes as long as disks do.
func save(order string) {
	fmt.Print("saved: ", order[:6])
	time.Sleep(15 * time.Millisecond)
	fmt.Println(order[6:])
}

// region main
func main() {
	var b book
	go b.saveForEver()
	for i := range 5 {
		b.add(fmt.Sprintf("order number %d", i+1))
		time.Sleep(30 * time.Millisecond)
	}
}

// endregion
