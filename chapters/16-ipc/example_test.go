package ipc_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	ipc "lockstep/chapters/16-ipc"
)

// TestMain is the main function of two processes: of the examples, and of the child that
// ExampleStart starts.
func TestMain(m *testing.M) {
	if os.Getenv("CHILD") == "" {
		os.Exit(m.Run())
	}
	parent := ipc.NewConn(os.Stdin, os.Stdout)
	for {
		message, err := parent.Recv()
		if err != nil {
			return // io.EOF, one hopes
		}
		parent.Send(append([]byte("child: "), message...))
	}
}

// The examples show how the chapter's types are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/16-ipc
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleStart()
		ExampleCounter()
		ExampleQueue()
	}
}

func ExampleStart() {
	self, err := os.Executable()
	if err != nil {
		fmt.Println(err)
		return
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), "CHILD=yes")
	conn, err := ipc.Start(cmd)
	if err != nil || cmd.Process == nil {
		fmt.Println("not started:", err)
		return
	}
	conn.Send([]byte("hello"))
	conn.CloseWrite()
	message, err := conn.Recv()
	fmt.Printf("%s, error %v; want child: hello, error <nil>\n", message, err)
	_, err = conn.Recv()
	fmt.Println("error:", err, "want EOF")
	fmt.Println("the child has ended:", cmd.Wait(), "want <nil>")
	conn.Close()
}

func ExampleCounter() {
	dir, err := os.MkdirTemp("", "ipc")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "counter")
	lock, err := ipc.OpenLock(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer lock.Close()
	// Another process that did the same would have the same number.
	memory, err := ipc.Map(path, 8)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer ipc.Unmap(memory)
	visitors := ipc.NewCounter(memory, lock)
	visitors.Add(40)
	visitors.Add(2)
	n, err := visitors.Value()
	fmt.Println("visitors:", n, err, "want 42 <nil>")
}

func ExampleQueue() {
	r, w, err := os.Pipe()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	turn, err := ipc.OpenLock(filepath.Join(os.TempDir(), "ipc-turn"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer turn.Close()
	q := ipc.NewQueue(r, w, turn)
	q.Put([]byte("apple"))
	q.Put([]byte("pear"))
	w.Close() // no more
	for range 3 {
		item, err := q.Get()
		fmt.Printf("%q, end: %v\n", item, err == io.EOF)
	}
	fmt.Println(`want "apple", "pear" and the end`)
}
