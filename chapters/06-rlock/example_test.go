package rlock_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	rlock "lockstep/chapters/06-rlock"
)

// The examples show how the chapter's types are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/06-rlock
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleRLock()
		ExampleFolder()
		ExampleRWLock()
		ExampleSharedLock()
	}
}

func ExampleRLock() {
	l := rlock.NewRLock()
	l.Lock("ann")
	l.With("ann", func() { fmt.Println("ann is in twice") })
	fmt.Println("bob gets in:", l.TryLock("bob"), "want false")
	fmt.Println("bob lets ann's lock go:", l.Unlock("bob"), "want", rlock.ErrNotOwner)
	fmt.Println("ann lets go:", l.Unlock("ann"), "want <nil>")
	fmt.Println("bob gets in:", l.TryLock("bob"), "want true")
}

func ExampleFolder() {
	home := rlock.NewTree(100)
	photos := home.Folder("photos")
	var wg sync.WaitGroup
	wg.Go(func() { home.Add(12) })
	wg.Go(func() { photos.Add(30) })
	wg.Wait()
	fmt.Println("one more file:", photos.Add(70), "want", rlock.ErrFull)
	home.Walk(func(path string, size int) {
		fmt.Println(path, size, "of", home.Size()) // Walk holds no lock here
	})
	fmt.Println("want . 42 of 42, then photos 30 of 42")
}

func ExampleRWLock() {
	l := rlock.NewRWLock()
	l.RLock()
	var wg sync.WaitGroup
	wg.Go(func() {
		l.Lock()
		fmt.Println("the writer")
		l.Unlock()
	})
	time.Sleep(10 * time.Millisecond) // by now the writer waits, most likely
	wg.Go(func() {
		l.RLock()
		fmt.Println("a reader who came later")
		l.RUnlock()
	})
	time.Sleep(10 * time.Millisecond)
	fmt.Println("the reader who came first")
	l.RUnlock()
	wg.Wait()
	fmt.Println("want the first reader, the writer, and then the later reader")
}

func ExampleSharedLock() {
	l := rlock.NewSharedLock()
	l.RLock("ann")
	l.RLock("ann")
	fmt.Println("ann wants to write:", l.Lock("ann"), "want", rlock.ErrUpgrade)
	l.RUnlock("ann")
	l.RUnlock("ann")
	fmt.Println("ann wants to write:", l.Lock("ann"), "want <nil>")
	l.RLock("ann")
	fmt.Println("ann reads on:", l.Unlock("ann"), "want <nil>")
	fmt.Println("ann is done:", l.RUnlock("ann"), "want <nil>")
}
