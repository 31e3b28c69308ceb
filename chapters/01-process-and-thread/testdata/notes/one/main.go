// Command one is a chat client that does one thing at a time.
package main

import (
	"fmt"
	"time"
)

var start = time.Now()

func show(line string) {
	fmt.Printf("after %v: %s\n", time.Since(start).Round(100*time.Millisecond), line)
}

// region chat
func chat() {
	for range 2 {
		show("me: " + readLine())
		show(receive())
	}
}

// endregion

// readLine waits for the user, who thinks for half a second about each line.
func readLine() string {
	time.Sleep(500 * time.Millisecond)
	return "how are you?"
}

var messages = make(chan string, 10)

// receive waits for the server.
func receive() string { return <-messages }

func main() {
	go func() {
		time.Sleep(100 * time.Millisecond)
		messages <- "ann, after 100ms: your kitchen is on fire"
		time.Sleep(1400 * time.Millisecond)
		messages <- "ann, after 1.5s: now the living room"
	}()
	chat()
}
