package daemon_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	daemon "lockstep/chapters/08-daemon"
)

// The examples show how the chapter's functions are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/08-daemon
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleHeartbeat()
		ExampleFlusher()
		ExampleRun()
	}
}

func ExampleHeartbeat() {
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Millisecond)
	defer cancel()
	done := daemon.Heartbeat(ctx, 10*time.Millisecond, func() { fmt.Println("alive (want to see this about twice)") })
	<-done
}

func ExampleFlusher() {
	f := daemon.NewFlusher(time.Minute, func(lines []string) {
		fmt.Println("writing:", lines, "want [one two]")
	})
	f.Add("one")
	f.Add("two")
	f.Stop() // does not take a minute
	fmt.Println("add:", f.Add("three"), "want flusher is stopped")
}

// Main would pass daemon.System{} and press Ctrl-C; this one presses by itself.
func ExampleRun() {
	keyboard := &keys{}
	err := daemon.Run(keyboard, func(ctx context.Context) error {
		fmt.Println("serving; Ctrl-C")
		keyboard.press()
		<-ctx.Done()
		fmt.Println("asked to stop; Ctrl-C again")
		keyboard.press()
		time.Sleep(10 * time.Millisecond) // takes its time
		return nil
	})
	fmt.Println("run:", err, "want forced to stop")
}

// keys is a Signals for one caller of Notify.
type keys struct{ c chan<- os.Signal }

func (k *keys) Notify(c chan<- os.Signal, sig ...os.Signal) { k.c = c }

func (k *keys) Stop(c chan<- os.Signal) {}

func (k *keys) press() {
	select {
	case k.c <- os.Interrupt:
	default:
	}
}
