//go:build grade

package hidden

import (
	"runtime"
	"strings"
)

// waits calls f on a goroutine of its own, and looks at that until it waits for something:
// then it returns true. If f returns before, it returns false. Done is closed when f has
// returned.
//
// No clock is involved: what the runtime says about the goroutine decides. A goroutine that
// polls, and never sleeps, counts as waiting when it has had its turn often enough.
func waits(f func()) (waiting bool, done <-chan struct{}) {
	const (
		inARow  = 30 // a system call that is merely busy looks like one that waits
		patient = 2000
	)
	end := make(chan struct{})
	go attempt(f, end)
	stacks := make([]byte, 1<<20)
	for seen, looks := 0, 0; seen < inARow && looks < patient; looks++ {
		runtime.Gosched()
		select {
		case <-end:
			return false, end
		default:
		}
		if isWaiting(string(stacks[:runtime.Stack(stacks, true)])) {
			seen++
		} else {
			seen = 0
		}
	}
	return true, end
}

// attempt is looked for in the stacks.
func attempt(f func(), end chan struct{}) {
	defer close(end)
	f()
}

// isWaiting picks the goroutine of attempt from a dump of all stacks. One that is in a system
// call waits if that call may take long.
func isWaiting(dump string) bool {
	for _, stack := range strings.Split(dump, "\n\n") {
		if !strings.Contains(stack, "hidden.attempt(") {
			continue
		}
		_, state, _ := strings.Cut(stack, "[")
		state, _, _ = strings.Cut(state, "]")
		state, _, _ = strings.Cut(state, ",")
		switch state {
		case "running", "runnable":
			return false
		case "syscall":
			return strings.Contains(stack, "syscall.Flock(") || strings.Contains(stack, "syscall.FcntlFlock(")
		}
		return true
	}
	return false
}
