// Command table is the Go side of the table in the notes.
package main

import (
	"fmt"
	"sync"
)

type tree struct {
	mu    sync.Mutex
	files int
}

func (t *tree) Size() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.size()
}

// size is Size for those who hold mu.
func (t *tree) size() int { return t.files }

func (t *tree) Add(size, limit int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if size <= limit-t.size() {
		t.files += size
	}
}

func main() {
	var mu sync.Mutex
	mu.Lock()
	fmt.Println("again:", mu.TryLock())
	mu.Unlock()

	var rw sync.RWMutex
	rw.RLock()
	fmt.Println("another reader:", rw.TryRLock(), "a writer:", rw.TryLock())
	rw.RUnlock()
	rw.RUnlock()

	var t tree
	t.Add(5, 7)
	t.Add(5, 7)
	fmt.Println("size:", t.Size())
}
