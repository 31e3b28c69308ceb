// Command signals presses Ctrl-C three times while it is busy.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	// region main
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	for range 3 {
		pressCtrlC()
	}
	fmt.Println("pressed 3 times, received:", len(interrupts))
	// endregion
}

// pressCtrlC sends this program what the terminal sends, and gives it time to arrive.
func pressCtrlC() {
	me, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = me.Signal(os.Interrupt)
	}
	if err != nil {
		fmt.Println(err)
	}
	time.Sleep(20 * time.Millisecond)
}
