package exam

import (
	"testing"
	"time"
)

// TestBubbleOfOneWhoEndsByHimself has a goroutine that sleeps when body returns.
func TestBubbleOfOneWhoEndsByHimself(t *testing.T) {
	var ended Count
	Bubble(t, func(*testing.T) {
		go func() {
			time.Sleep(time.Second)
			ended.Add()
		}()
	})
	if ended.Load() != 1 {
		t.Error("the bubble has ended, and the goroutine has not")
	}
}

func TestDays(t *testing.T) {
	Days(t, func(t *testing.T, pass func()) {
		before := time.Now()
		pass()
		if passed := time.Since(before); passed < 24*time.Hour {
			t.Errorf("%v have passed, want days", passed)
		}
	})
}

// TestDaysOfOneWhoLooksAgain has days that would take as many steps as there are milliseconds.
func TestDaysOfOneWhoLooksAgain(t *testing.T) {
	Days(t, func(t *testing.T, pass func()) {
		over := make(chan struct{})
		Together(
			func() {
				for {
					select {
					case <-over:
						return
					case <-time.After(time.Millisecond):
					}
				}
			},
			func() {
				pass()
				close(over)
			},
		)
	})
}
