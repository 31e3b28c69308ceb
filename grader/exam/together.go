package exam

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"lockstep/grader/exam/wire"
)

// Together runs the functions at the same time, each on a goroutine of its own, and
// returns when all of them have returned.
func Together(functions ...func()) {
	var all sync.WaitGroup
	for _, f := range functions {
		all.Add(1)
		go func() {
			defer all.Done()
			f()
		}()
	}
	all.Wait()
}

// Within runs f on a goroutine of its own and returns when f has. If f does not come back,
// and for Patience all told this process does nothing, the test fails at once and says who
// waits where; f's goroutine is left behind. What computes meanwhile has the grader's
// processor clock, and however long it takes on a machine with little time for it. Within an
// exploration Within is not needed: a deadlock is found without it.
func Within(t testing.TB, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	const looks = 100
	const nothing = Patience / looks / 100 // a process that waits uses less than that of a look's time
	ticks := time.NewTicker(Patience / looks)
	defer ticks.Stop()
	for idle, last := 0, spent(); idle < looks; {
		select {
		case <-done:
			return
		case <-ticks.C:
		}
		now := spent()
		if now-last < nothing {
			idle++
		}
		last = now
	}
	message, detail := fmt.Sprintf("%s: not done after %v", what, Patience), stuck()
	wire.Send(wire.Record{Kind: wire.Finding, Status: "timeout", Message: message, Detail: detail})
	t.Fatalf("%s\n%s", message, detail)
}

// maxStacks caps, in bytes, what is read of the stacks of all goroutines.
const maxStacks = 1 << 20

// stuck says of every goroutine that is in a chapter's code where it is, a line each.
func stuck() string {
	buffer := make([]byte, maxStacks)
	return waiting(string(buffer[:runtime.Stack(buffer, true)]))
}

// waiting picks from a dump of all stacks, for each goroutine in a chapter's code, its
// state and its innermost line there: "sync.Mutex.Lock: Transfer at lock.go:71".
// Goroutines that wait in the same place share a line.
func waiting(dump string) string {
	var places []string
	seen := map[string]int{}
	for _, stack := range strings.Split(dump, "\n\n") {
		place, ok := innermost(stack)
		if !ok {
			continue
		}
		if seen[place] == 0 {
			places = append(places, place)
		}
		seen[place]++
	}
	for i, place := range places {
		if n := seen[place]; n > 1 {
			places[i] = fmt.Sprintf("%s (%d goroutines)", place, n)
		}
	}
	return strings.Join(places, "\n")
}

// innermost reads one goroutine's stack: a line "goroutine 7 [state]:", then for every
// frame a line with the function and one, indented, with file, line and offset.
func innermost(stack string) (place string, ok bool) {
	lines := strings.Split(stack, "\n")
	_, state, _ := strings.Cut(lines[0], "[")
	state, _, _ = strings.Cut(state, "]")
	state, _, _ = strings.Cut(state, ",") // "sync.Mutex.Lock, 2 minutes"
	for i := 1; i+1 < len(lines); i++ {
		file, found := strings.CutPrefix(lines[i+1], "\t")
		if !found || !strings.Contains(file, "/chapters/") || strings.Contains(file, "/hidden/") {
			continue
		}
		_, function, _ := strings.Cut(lines[i][strings.LastIndex(lines[i], "/")+1:], ".") // without the package
		if at := strings.LastIndex(function, "("); at > 0 {
			function = function[:at]
		}
		file, _, _ = strings.Cut(file[strings.LastIndex(file, "/")+1:], " ")
		return fmt.Sprintf("%s: %s at %s", state, function, file), true
	}
	return "", false
}
