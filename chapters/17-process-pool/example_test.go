package pool_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	pool "lockstep/chapters/17-process-pool"
)

// isWorker names the environment variable that makes of this test program a worker.
const isWorker = "EXAMPLE_WORKER"

// TestMain is the entry of two programs: of the tests, and of the workers they start.
func TestMain(m *testing.M) {
	if os.Getenv(isWorker) == "" {
		os.Exit(m.Run())
	}
	if err := pool.Main(os.Stdin, os.Stdout, greet); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// greet is what the workers do. Some people are too much for them.
func greet(name string) (string, error) {
	switch name {
	case "nobody":
		return "", fmt.Errorf("there is nobody to greet")
	case "Medusa":
		os.Exit(3)
	}
	return "hello " + name, nil
}

// hire starts a worker.
func hire() (pool.Worker, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), isWorker+"=1")
	cmd.Stderr = os.Stderr
	return pool.StartProcess(cmd, time.Second)
}

// The examples show how the chapter's types are used. To see what your code makes of
// them, beside what it should: go test -race -v ./chapters/17-process-pool
func TestExamples(t *testing.T) {
	if testing.Verbose() {
		ExampleProcess()
		ExamplePool()
	}
}

func ExampleProcess() {
	w, err := hire()
	if err != nil {
		fmt.Println("start:", err)
		return
	}
	fmt.Println(w.Do("Ann"))    // want hello Ann <nil>
	fmt.Println(w.Do("nobody")) // want there is nobody to greet
	fmt.Println(w.Do("Medusa")) // want worker crashed: exit status 3, and perhaps more
	w.Close()
}

func ExamplePool() {
	p := pool.New(pool.Options{Workers: 2, Tries: 2}, hire)
	r := p.Submit("Ann")
	answers, err := p.Map([]string{"Bob", "Medusa", "Cleo"})
	fmt.Printf("map: %q %v, want [\"hello Bob\" \"\" \"hello Cleo\"] and a crash\n", answers, err)
	for a := range p.Unordered([]string{"Dora", "nobody"}) {
		fmt.Println("unordered:", a.Index, a.Text, a.Err)
	}
	p.Close()
	fmt.Println("join:", p.Join(), "want <nil>")
	answer, err := r.Get(context.Background())
	fmt.Println("submitted before:", answer, err, "want hello Ann <nil>")
}
