// Command table is the Go side of the table in the notes.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"time"
)

func beat(ctx context.Context, done chan<- struct{}) {
	defer close(done)
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for beats := 0; ; beats++ {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			fmt.Println("the heart has beaten:", beats > 0)
			return
		}
	}
}

func save() { fmt.Println("saved, at leisure") }

func goodbye() { fmt.Println("goodbye") }

func main() {
	defer goodbye()

	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)

	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go beat(ctx, done)

	var wg sync.WaitGroup
	wg.Go(save)
	wg.Wait()

	if me, err := os.FindProcess(os.Getpid()); err == nil && me.Signal(os.Interrupt) == nil {
		fmt.Println("signal:", <-interrupts)
	}
	time.Sleep(30 * time.Millisecond)
	cancel()
	<-done
}
