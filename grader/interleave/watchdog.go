package interleave

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave/rt"
)

// patience is how long one goroutine may run, in real time, without a step. Only code
// that blocks or loops where the scheduler cannot see it takes that long.
const patience = 10 * time.Second

// watch ends the process when a schedule stops making progress in real time: the
// goroutine that runs waits for something outside the controlled world, and nobody
// can take the turn from it. The function returned ends the watch.
func (e *exploration) watch() (stop func()) {
	quit := make(chan struct{})
	go func() {
		tick := time.NewTicker(patience / 10)
		defer tick.Stop()
		last, idle := uint64(0), 0
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
			}
			n, running := e.runner.Progress()
			if !running || n != last {
				last, idle = n, 0
				continue
			}
			if idle++; idle >= 10 {
				giveUp()
			}
		}
	}()
	return func() { close(quit) }
}

// giveUp reports where the running goroutine is, and exits: never a pass.
func giveUp() {
	stacks := allStacks()
	r := wire.Record{Kind: wire.Finding, Status: "timeout", Message: outsideMessage(outside(stacks))}
	r.Detail = r.Message + "\n\n" + stacks
	wire.Send(r)
	fmt.Fprintln(os.Stderr, "interleave:", r.Detail)
	os.Exit(2)
}

// allStacks returns the stacks of all goroutines.
func allStacks() string {
	buf := make([]byte, 1<<20)
	return string(buf[:runtime.Stack(buf, true)])
}

func outsideMessage(place string) string {
	return fmt.Sprintf("no step for %v: the code waits or loops %s, which an exploration cannot see (a socket, a process, real time, or a loop without any synchronisation)", patience, place)
}

const unknownPlace = "at an unknown line"

// outside finds the goroutine that an exploration started and that is not parked in
// it, and returns the innermost line of the program's own on it, as "at file.go:12".
func outside(stacks string) string {
	for _, g := range strings.Split(stacks, "\n\n") {
		if !strings.Contains(g, "interleave/rt.(*goroutine).run") || strings.Contains(g, "interleave/rt.(*goroutine).park") {
			continue
		}
		lines := strings.Split(g, "\n")
		for i := 1; i+1 < len(lines); i += 2 {
			if strings.HasPrefix(lines[i], "created by ") {
				break
			}
			if !rt.Own(lines[i]) {
				place, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
				return "at " + place[strings.LastIndexByte(place, '/')+1:]
			}
		}
	}
	return unknownPlace
}
