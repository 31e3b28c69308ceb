package exam

import (
	"runtime"
	"sync/atomic"
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

func TestSettle(t *testing.T) {
	Bubble(t, func(*testing.T) {
		const crowd = 500
		var arrived Count
		leave := make(chan struct{})
		for range crowd {
			go func() {
				runtime.Gosched()
				arrived.Add()
				<-leave
			}()
		}
		Settle()
		if arrived.Load() != crowd {
			t.Errorf("%d wait, want %d", arrived.Load(), crowd)
		}
		close(leave)
	})
}

// TestSettleBesideOneWhoNeverWaits has a goroutine that looks again and again, and never sleeps.
func TestSettleBesideOneWhoNeverWaits(t *testing.T) {
	var leave, left atomic.Bool
	go func() {
		for !leave.Load() {
			runtime.Gosched()
		}
		left.Store(true)
	}()
	Settle()
	if leave.Store(true); left.Load() {
		t.Error("the goroutine has left before it was told to")
	}
}
