// Command recursive takes a read lock twice, and a writer comes in between.
package main

import (
	"fmt"
	"sync"
	"time"
)

type Folder struct {
	mu      *sync.RWMutex
	files   int
	folders []*Folder
}

// region size
func (f *Folder) Size() int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	sum := f.files
	for _, folder := range f.folders {
		readDirectory()
		sum += folder.Size()
	}
	return sum
}

// endregion

func (f *Folder) Add(size int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.files += size
}

// readDirectory takes its time, as disks do.
func readDirectory() { time.Sleep(20 * time.Millisecond) }

func main() {
	var mu sync.RWMutex
	photos := &Folder{mu: &mu, files: 30}
	home := &Folder{mu: &mu, files: 12, folders: []*Folder{photos}}

	// region main
	fmt.Println("home:", home.Size())
	var wg sync.WaitGroup
	wg.Go(func() { fmt.Println("home:", home.Size()) })
	wg.Go(func() {
		time.Sleep(10 * time.Millisecond)
		photos.Add(1)
	})
	wg.Wait()
	// endregion
}
