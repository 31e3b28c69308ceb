// Command again asks for the size of a folder that has another one in it.
package main

import (
	"fmt"
	"sync"
)

// region folder
type Folder struct {
	mu      *sync.Mutex // one for the whole tree
	files   int
	folders []*Folder
}

func (f *Folder) Size() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	sum := f.files
	for _, folder := range f.folders {
		sum += folder.Size()
	}
	return sum
}

// endregion

func main() {
	var mu sync.Mutex
	photos := &Folder{mu: &mu, files: 30}
	home := &Folder{mu: &mu, files: 12, folders: []*Folder{photos}}
	fmt.Println("photos:", photos.Size())
	fmt.Println("home:", home.Size())
}
