// Command compare has a pool of goroutines and a pool of processes do the same work, and
// says how long they take.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// primes returns how many prime numbers there are below n.
func primes(n int) (found int) {
next:
	for i := 2; i < n; i++ {
		for d := 2; d*d <= i; d++ {
			if i%d == 0 {
				continue next
			}
		}
		found++
	}
	return found
}

// region worker
// A worker does what it is told, and returns when it is told nothing any more.
type worker func(tasks <-chan int, results chan<- int)

func goroutine(tasks <-chan int, results chan<- int) {
	for n := range tasks {
		results <- primes(n)
	}
}

// process does its work in a child, which reads tasks and writes results, a line each.
func process(tasks <-chan int, results chan<- int) {
	self, _ := os.Executable()
	child := exec.Command(self, "child")
	in, _ := child.StdinPipe()
	out, _ := child.StdoutPipe()
	child.Start()
	lines := bufio.NewReader(out)
	for n := range tasks {
		fmt.Fprintln(in, n)
		var result int
		fmt.Fscanln(lines, &result)
		results <- result
	}
	in.Close()
	child.Wait()
}

// endregion

// serve is what a child does.
func serve(in io.Reader) {
	lines := bufio.NewReader(in)
	for {
		var n int
		if _, err := fmt.Fscanln(lines, &n); err != nil {
			return
		}
		fmt.Println(primes(n))
	}
}

// measure returns how long so many workers take for so many tasks, at best, from the time
// when the first result has come from each.
func measure(work worker, workers, times, n int) time.Duration {
	tasks, results := make(chan int), make(chan int, times+workers)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() { work(tasks, results) })
	}
	defer wg.Wait()
	defer close(tasks)
	run := func(times, n int) {
		for range times {
			tasks <- n
		}
		for range times {
			<-results
		}
	}
	run(workers, 2)
	best := time.Hour
	for range 5 {
		start := time.Now()
		run(times, n)
		best = min(best, time.Since(start))
	}
	return best
}

func main() {
	if len(os.Args) > 1 {
		serve(os.Stdin)
		return
	}
	fmt.Println("                    2000 small tasks  4 large tasks")
	for _, pool := range []struct {
		name    string
		work    worker
		workers int
	}{
		{"one after the other", goroutine, 1},
		{"2 goroutines", goroutine, 2},
		{"2 processes", process, 2},
	} {
		small, large := measure(pool.work, pool.workers, 2000, 10), measure(pool.work, pool.workers, 4, 1_000_000)
		name := pool.name + strings.Repeat(" ", 19-len(pool.name))
		fmt.Printf("%s %13.1f ms %11.0f ms\n", name, small.Seconds()*1000, large.Seconds()*1000)
	}
}
