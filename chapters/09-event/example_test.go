package event_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	event "lockstep/chapters/09-event"
)

// The examples show how the chapter's types are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/09-event
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleEvent()
		ExampleEvent_WaitTimeout()
		ExampleLatch()
		ExampleLight()
	}
}

func ExampleEvent() {
	loaded, config := event.New(), ""
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			loaded.Wait(context.Background())
			fmt.Printf("config: %q want %q\n", config, "port 8080")
		})
	}
	config = "port 8080"
	loaded.Set()
	wg.Wait()
	fmt.Println("set:", loaded.IsSet(), "want true")
	loaded.Clear()
	fmt.Println("cleared:", loaded.IsSet(), "want false")
}

func ExampleEvent_WaitTimeout() {
	e := event.New()
	fmt.Println("in time:", e.WaitTimeout(10*time.Millisecond), "want false")
	e.Set()
	fmt.Println("set already:", e.WaitTimeout(0), "want true")

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	fmt.Println("ctx has ended:", e.Wait(ctx), "want <nil>, because the event is set")
}

func ExampleLatch() {
	l := event.NewLatch(3)
	for range 3 {
		go l.CountDown()
	}
	fmt.Println("all there:", l.Wait(context.Background()), "want <nil>")
}

func ExampleLight() {
	light := event.NewLight()
	var wg sync.WaitGroup
	for car := range 2 {
		wg.Go(func() {
			light.Cross(context.Background(), func() { fmt.Println("car", car, "crosses") }) // want to see both
		})
	}
	light.Green()
	wg.Wait()
	fmt.Println("empty:", light.Red(context.Background()), "want <nil>")
}
