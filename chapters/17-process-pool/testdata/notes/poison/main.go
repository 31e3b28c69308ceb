// Command poison has its jobs done by a pool of three processes. One of the jobs kills
// whoever does it.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// region work
// work is one of the pool's goroutines. It has a process of its own, which does the jobs.
func work(jobs chan string) {
	p := start()
	for job := range jobs {
		answer, err := p.do(job)
		if err != nil {
			fmt.Printf("%s: worker lost, %v\n", job, err)
			jobs <- job // somebody else will do it
			return
		}
		results <- answer
	}
}

// endregion

var results = make(chan string)

// process is a child process that reads jobs, a line each, and answers, a line each.
type process struct {
	cmd *exec.Cmd
	in  io.Writer
	out *bufio.Scanner
}

func start() *process {
	self, _ := os.Executable()
	cmd := exec.Command(self, "child")
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	cmd.Start()
	return &process{cmd, in, bufio.NewScanner(out)}
}

func (p *process) do(job string) (string, error) {
	fmt.Fprintln(p.in, job)
	if p.out.Scan() {
		return p.out.Text(), nil
	}
	p.cmd.Wait()
	return "", fmt.Errorf("%v", p.cmd.ProcessState)
}

// child does jobs.
func child() {
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		if in.Text() == "poison" {
			self, _ := os.FindProcess(os.Getpid())
			self.Kill() // as the system does it to whoever takes too much memory
			select {}
		}
		fmt.Println(in.Text(), "done")
	}
}

func main() {
	if len(os.Args) > 1 {
		child()
		return
	}
	// region main
	jobs := make(chan string, 1)
	for range 3 {
		go work(jobs)
	}
	for _, job := range []string{"one", "poison", "two"} {
		jobs <- job
		fmt.Println(<-results)
	}
	// endregion
}
