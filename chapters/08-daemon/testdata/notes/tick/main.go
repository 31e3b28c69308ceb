// Command tick counts the hearts that beat once more after they were told to stop.
package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// region heartbeat
func heartbeat(ctx context.Context, every time.Duration, beat func()) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			beat()
		}
	}
}

// endregion

func main() {
	const hearts = 1000
	var after atomic.Int64
	var wg sync.WaitGroup
	for range hearts {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(context.Background())
			ended := false
			heartbeat(ctx, time.Millisecond, func() {
				if ended {
					after.Add(1)
					cancel()
					return
				}
				cancel() // while this beat runs
				ended = true
				time.Sleep(3 * time.Millisecond) // the next one is due before it is over
			})
		})
	}
	wg.Wait()
	fmt.Printf("%d hearts stopped; beats after that: %d\n", hearts, after.Load())
}
