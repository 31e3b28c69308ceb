//go:build race

package exam

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// TestWitnessesHideNoRace runs, in a child process, two goroutines that write one
// variable before and after a witness, and expects the detector to see it; with a real
// mutex in the witness's place it must see nothing.
func TestWitnessesHideNoRace(t *testing.T) {
	var mu sync.Mutex
	var count Count
	var peak Peak
	meeting := NewRendezvous(t, 2, "both")
	cases := map[string]func(){
		"mutex":      func() { mu.Lock(); mu.Unlock() },
		"count":      func() { count.Add() },
		"peak":       func() { peak.Enter(); peak.Leave() },
		"rendezvous": meeting.Meet,
	}
	if name := os.Getenv("WITNESS"); name != "" {
		written := 0
		turn := make(chan struct{})
		Together(
			func() { written++; cases[name](); silence(); close(turn); speak() },
			func() {
				if name != "rendezvous" { // which makes the second wait for the first by itself
					silence()
					<-turn
					speak()
				}
				cases[name]()
				written++
			},
		)
		return
	}
	for name := range cases {
		child := exec.Command(os.Args[0], "-test.run=^TestWitnessesHideNoRace$")
		child.Env = append(os.Environ(), "WITNESS="+name, "GORACE=atexit_sleep_ms=100")
		out, _ := child.CombinedOutput()
		got := strings.Contains(string(out), "WARNING: DATA RACE")
		if want := name != "mutex"; got != want {
			t.Errorf("race seen across %s: %v, want %v\n%s", name, got, want, out)
		}
	}
}
