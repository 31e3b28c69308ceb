package goroutine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	goroutine "lockstep/chapters/03-goroutine"
)

// The examples show how the chapter's functions are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/03-goroutine
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleCollect()
		ExampleTryCollect()
		ExampleThread()
		ExampleGather()
	}
}

func ExampleCollect() {
	names := []string{"ada", "bob", "cleo"}
	fmt.Println(goroutine.Collect(names, strings.ToUpper), "want [ADA BOB CLEO]")
}

func ExampleTryCollect() {
	lengths, err := goroutine.TryCollect([]string{"ada", "", "cleo"}, func(name string) (int, error) {
		if name == "" {
			return 0, errors.New("no name")
		}
		return len(name), nil
	})
	fmt.Println(lengths, err, "want [3 0 4] no name")
}

func ExampleThread() {
	t := goroutine.New("adder", func() (int, error) { return 3 + 4, nil })
	fmt.Println(t.Name(), t.Alive(), "want adder false")

	t.Start()
	if err := t.Start(); errors.Is(err, goroutine.ErrStarted) {
		fmt.Println("once is enough")
	}
	sum, err := t.Join()
	fmt.Println(sum, err, t.Alive(), "want 7 <nil> false")
}

func ExampleGather() {
	outcomes := goroutine.Gather(
		goroutine.Job[int]{Name: "good", Do: func() (int, error) { return 1, nil }},
		goroutine.Job[int]{Name: "careless", Do: func() (int, error) { return []int{}[0], nil }},
	)
	for _, o := range outcomes {
		fmt.Println(o.Name, o.Result, o.Err) // want good 1, careless 0 and a panic
	}
}
