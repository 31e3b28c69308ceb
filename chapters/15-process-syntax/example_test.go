package child_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"

	child "lockstep/chapters/15-process-syntax"
)

var functions child.Registry

// TestMain is the main function of the examples, and of the children that they start.
func TestMain(m *testing.M) {
	functions.Register("square", square)
	functions.Main()
	if os.Getenv("WITHIN_EXAMPLES") != "" {
		fmt.Println("a child goes on in main, and ends here")
		return
	}
	os.Setenv("WITHIN_EXAMPLES", "yes")
	os.Exit(m.Run())
}

func square(args []string) (string, error) {
	n, err := strconv.Atoi(args[0])
	return strconv.Itoa(n * n), err
}

// The examples show how the chapter's functions are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/15-process-syntax
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleRegistry_Call()
		ExampleFuture()
		ExampleRegistry_Start()
	}
}

func ExampleRegistry_Call() {
	result, err := functions.Call("square", []string{"12"})
	fmt.Println("here:", result, err, "want 144 <nil>")
}

func ExampleFuture() {
	f := child.NewFuture()
	go f.Set(child.Outcome{Result: "144"})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o, err := f.Wait(ctx)
	fmt.Println(o.Result, err, "want 144 <nil>")
}

func ExampleRegistry_Start() {
	for _, arg := range []string{"12", "twelve"} {
		p, err := functions.Start("square", arg)
		if err != nil {
			fmt.Println(err)
			return
		}
		result, err := p.Join(context.Background())
		var failure *child.Failure
		if errors.As(err, &failure) {
			fmt.Println("no result:", failure.Text, "exit code", failure.Code)
			continue
		}
		fmt.Println("in a child:", result, err, "want 144 <nil>")
	}
}
