// Package contexttree cancels a parent: its children end, their children too, and a
// context without cancel does not.
package contexttree

import (
	"context"
	"errors"
	"sync"
	"testing"
)

type key struct{}

// Scenario waits in a child and a grandchild while the parent is cancelled.
func Scenario(t *testing.T) {
	errStop := errors.New("stop")
	parent, cancel := context.WithCancelCause(context.WithValue(context.Background(), key{}, "v"))
	child, cancelChild := context.WithCancel(parent)
	defer cancelChild()
	free := context.WithoutCancel(child)
	var wg sync.WaitGroup
	wg.Go(func() {
		grandchild, cancelGrandchild := context.WithCancel(child)
		defer cancelGrandchild()
		<-grandchild.Done()
		if cause := context.Cause(grandchild); cause != errStop {
			t.Errorf("cause is %v, want %v", cause, errStop)
		}
	})
	wg.Go(func() { cancel(errStop) })
	<-child.Done()
	wg.Wait()
	if !errors.Is(child.Err(), context.Canceled) || free.Err() != nil || free.Value(key{}) != "v" {
		t.Errorf("child ended by %v, free by %v with %v", child.Err(), free.Err(), free.Value(key{}))
	}
}
