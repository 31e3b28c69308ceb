// Command table is the Go side of the table in the notes. It uses the chapter's own pool,
// and prints what Python prints once that is written.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	pool "lockstep/chapters/17-process-pool"
)

func upper(task string) (string, error) { return strings.ToUpper(task), nil }

func start() (pool.Worker, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return pool.StartProcess(exec.Command(self, "child"), time.Second)
}

func main() {
	if len(os.Args) > 1 {
		pool.Main(os.Stdin, os.Stdout, upper)
		return
	}
	p := pool.New(pool.Options{Workers: 2, Tries: 1, MaxTasks: 100}, start)
	fmt.Println(p.Apply("ann"))
	result := p.Submit("bob")
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	fmt.Println(result.Get(ctx))
	fmt.Println(p.Map([]string{"cleo", "dora"}))
	for answer := range p.Unordered([]string{"eve", "eve"}) {
		fmt.Println(answer.Text, answer.Err)
	}
	p.Close()
	fmt.Println(p.Join())

	other := pool.New(pool.Options{Workers: 2, Tries: 1}, start)
	other.Terminate()
}
