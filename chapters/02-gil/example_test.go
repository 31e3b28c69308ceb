package gil_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	gil "lockstep/chapters/02-gil"
)

// The examples show how the chapter's types are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/02-gil
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleGIL()
		ExampleRun()
		ExampleSum()
		ExampleGather()
	}
}

func ExampleGIL() {
	g := gil.NewGIL(5 * time.Millisecond)
	done := make(chan bool)
	var order []string

	g.Acquire()
	go func() {
		g.Acquire()
		order = append(order, "who waits")
		g.Release()
		done <- true
	}()
	for start := time.Now(); !g.Requested() && time.Since(start) < time.Second; {
		// compute
	}
	g.Yield()
	order = append(order, "who computes")
	g.Release()
	<-done
	fmt.Println(strings.Join(order, ", "), "want: who waits, who computes")
}

func ExampleRun() {
	g := gil.NewGIL(5 * time.Millisecond)
	say := func(what string) gil.Instruction {
		return gil.Instruction{Do: func() { fmt.Println(what) }}
	}
	read := gil.Instruction{Do: func() { time.Sleep(20 * time.Millisecond) }, Blocks: true}

	fmt.Println("want: read, compute, compute, done")
	gil.Run(g,
		[]gil.Instruction{say("read"), read, say("done")},
		[]gil.Instruction{read, say("compute"), say("compute")},
	)
}

func ExampleSum() {
	letters := func(words []string) (n int) {
		fmt.Println("a piece:", words) // want to see two of these
		for _, word := range words {
			n += len(word)
		}
		return n
	}
	fmt.Println(gil.Sum([]string{"one", "thread", "at", "a", "time"}, 2, letters), "want 16")
}

func ExampleGather() {
	pages := []string{"python.org", "go.dev"}
	download := func(page string) string { return "the text of " + page }
	count := func(text string) int { return len(text) }
	fmt.Println(gil.Gather(pages, 2, download, count), "want [22 18]")
}
