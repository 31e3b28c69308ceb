package process_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	process "lockstep/chapters/14-process"
)

// TestMain is the main function of two programs: of the examples, and of the processes that
// they start.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "talk" {
		fmt.Println(os.Args[2])
		return
	}
	if len(os.Args) > 2 && os.Args[1] == "sleep" {
		fmt.Println("ready")
		d, _ := time.ParseDuration(os.Args[2])
		time.Sleep(d)
		return
	}
	os.Exit(m.Run())
}

// The examples show how the chapter's functions are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/14-process
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleOutput()
		ExampleRun()
		ExampleRun_timeout()
		ExamplePipe()
	}
}

// command is this program once more, with these arguments.
func command(out io.Writer, args ...string) process.Command {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	return process.Command{Path: self, Args: args, Out: out, Grace: time.Second}
}

func ExampleOutput() {
	o := process.NewOutput(8)
	fmt.Fprint(o, "listening on port 80")
	fmt.Printf("kept %q, want \"listenin\"; dropped %d, want 12\n", o, o.Dropped())
}

func ExampleRun() {
	out := process.NewOutput(1000)
	status, err := process.Run(context.Background(), command(out, "talk", "hello"))
	fmt.Printf("%+v %v %q, want {Code:0 Signal:signal 0} <nil> \"hello\\n\"\n", status, err, out)
}

// This one waits for a process that will not end by itself for a minute, and sees what it
// prints meanwhile.
func ExampleRun_timeout() {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	out := process.NewOutput(1000)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		status, err := process.Run(ctx, command(out, "sleep", "1m"))
		fmt.Printf("%+v %v, want {Code:-1 Signal:terminated} context deadline exceeded\n", status, err)
	}()
	if out.Await(ctx, "ready") == nil {
		fmt.Println("it is ready")
	}
	<-ended
}

func ExamplePipe() {
	statuses, err := process.Pipe(context.Background(), command(nil, "talk", "hello"), command(nil, "talk", "goodbye"))
	fmt.Println(len(statuses), "statuses, want 2;", err)
}
