package thread_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	thread "lockstep/chapters/01-process-and-thread"
)

// TestMain is the main function of two processes: of the examples, and of the child that
// ExampleCountInChild starts.
func TestMain(m *testing.M) {
	if os.Getenv("CHILD") == "" {
		os.Exit(m.Run())
	}
	if err := thread.ChildMain(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// The examples show how the chapter's functions are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/01-process-and-thread
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleLost()
		ExampleInThreads()
		ExampleCountInChild()
		ExampleChat()
	}
}

func ExampleLost() {
	fmt.Println("n =", thread.Run([]int{0, 1, 0, 1, 0, 1}), "want 1")
	fmt.Println("bad schedules:", len(thread.Lost(2, 1)), "want 18")
}

func ExampleInThreads() {
	var c thread.Counter
	thread.InThreads(10, func() { c.Add(5) })
	fmt.Println("counted:", c.Value(), "want 50")
}

func ExampleCountInChild() {
	var c thread.Counter
	err := thread.CountInChild(&c, 1000, func() (*thread.Process, error) {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), "CHILD=yes")
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil {
			return nil, err
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			return nil, err
		}
		return &thread.Process{In: in, Out: out, Wait: cmd.Wait}, cmd.Start()
	})
	fmt.Println("counted:", c.Value(), err, "want 1000 <nil>")
}

// slowUser types two lines, and thinks before each.
type slowUser struct{ lines []string }

func (u *slowUser) ReadLine() (string, error) {
	time.Sleep(20 * time.Millisecond)
	if len(u.lines) == 0 {
		return "", io.EOF
	}
	line := u.lines[0]
	u.lines = u.lines[1:]
	return line, nil
}

func (u *slowUser) Show(line string) { fmt.Println(line) }

// echo is a server that repeats everything.
type echo struct{ said chan string }

func (e echo) Send(line string) error {
	e.said <- "echo: " + line
	return nil
}

func (e echo) Receive() (string, error) {
	line, ok := <-e.said
	if !ok {
		return "", io.EOF
	}
	return line, nil
}

func (e echo) Close() error {
	close(e.said)
	return nil
}

func ExampleChat() {
	user, server := &slowUser{[]string{"hello", "is anybody there?"}}, echo{make(chan string, 10)}
	fmt.Println("error:", thread.Chat(user, server), "want <nil>, and four lines before it")
}
