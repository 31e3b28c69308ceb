// Command first cancels the others when one has failed, and loses the reason.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

var errDisk = errors.New("disk full")

// region fail
type group struct {
	cancel context.CancelFunc
	once   sync.Once
	err    error
}

func (g *group) fail(err error) {
	g.cancel() // stop the others
	if !errors.Is(err, context.Canceled) {
		mail(err) // somebody should know
	}
	g.once.Do(func() { g.err = err }) // remember the first error
}

// endregion

// mail takes its time, as it would.
func mail(error) { time.Sleep(10 * time.Millisecond) }

func main() {
	ctx, cancel := context.WithCancel(context.Background())
	g := &group{cancel: cancel}
	var wg sync.WaitGroup
	wg.Go(func() { g.fail(errDisk) })
	wg.Go(func() {
		<-ctx.Done() // as a download would, in the middle of it
		g.fail(ctx.Err())
	})
	wg.Wait()
	fmt.Println("failed:", g.err)
}
