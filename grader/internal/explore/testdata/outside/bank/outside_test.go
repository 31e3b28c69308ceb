package bank_test

import (
	"testing"
	"time"

	"example.com/outside/bank"
)

func TestFromOutside(*testing.T) {
	c := make(chan int)
	go func() { c <- new(bank.Right).Sum() }()
	select {
	case <-c:
	case <-time.After(time.Hour):
	}
}
