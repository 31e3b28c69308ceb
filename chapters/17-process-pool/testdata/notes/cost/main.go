// Command cost has the same work done by a pool of goroutines and by a pool of processes,
// and says how long each takes, starting the workers included.
package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// region primes
// primes counts the primes below n, in the way that takes longest.
func primes(n int) (count int) {
	for candidate := 2; candidate < n; candidate++ {
		divisor := 2
		for candidate%divisor != 0 {
			divisor++
		}
		if divisor == candidate {
			count++
		}
	}
	return count
}

// endregion

const workers = 4

// pool has n tasks of that size done by workers that hire returns, and returns how long
// it takes.
func pool(n, size int, hire func() (do func(int) int, leave func())) time.Duration {
	began := time.Now()
	tasks := make(chan int)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			do, leave := hire()
			defer leave()
			for size := range tasks {
				do(size)
			}
		})
	}
	for range n {
		tasks <- size
	}
	close(tasks)
	all.Wait()
	return time.Since(began)
}

// goroutine is a worker that is nothing but the goroutine it is called on.
func goroutine() (do func(int) int, leave func()) { return primes, func() {} }

// process is a worker in a process of its own: it gets a line for each task, and answers
// with a line.
func process() (do func(int) int, leave func()) {
	self, _ := os.Executable()
	cmd := exec.Command(self, "child")
	in, _ := cmd.StdinPipe()
	out, _ := cmd.StdoutPipe()
	cmd.Start()
	answers := bufio.NewScanner(out)
	do = func(size int) int {
		fmt.Fprintln(in, size)
		answers.Scan()
		count, _ := strconv.Atoi(answers.Text())
		return count
	}
	return do, func() { in.Close(); cmd.Wait() }
}

func child() {
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		size, _ := strconv.Atoi(in.Text())
		fmt.Println(primes(size))
	}
}

func main() {
	if len(os.Args) > 1 {
		child()
		return
	}
	fmt.Printf("%-18s%12s%12s\n", "", "goroutines", "processes")
	for _, work := range []struct {
		name    string
		n, size int
	}{
		{"10000 small tasks", 10_000, 50},
		{"20 large tasks", 20, 20_000},
	} {
		g, p := pool(work.n, work.size, goroutine), pool(work.n, work.size, process)
		fmt.Printf("%-18s%12v%12v\n", work.name, g.Round(time.Millisecond), p.Round(time.Millisecond))
	}
}
