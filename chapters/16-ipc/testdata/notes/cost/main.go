// Command cost measures what it takes to tell somebody something: 100 bytes to a goroutine or
// to another process and as many back, or one update of a number that is shared.
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

const size = 100 // bytes of a message

func main() {
	if len(os.Args) > 1 { // this is the child
		child(os.Args[1], os.Args[2])
		return
	}
	dir, err := os.MkdirTemp("", "ipc")
	must(err)
	defer os.RemoveAll(dir)

	there, back := make(chan []byte), make(chan []byte)
	go func() {
		for message := range there {
			back <- message
		}
	}()
	report("channel, there and back", func() { there <- make([]byte, size); <-back })

	path := filepath.Join(dir, "socket")
	l, err := net.Listen("unix", path)
	must(err)
	for _, how := range []string{"pipe", "socket"} {
		self, _ := os.Executable()
		cmd := exec.Command(self, how, path)
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		must(err)
		out, err := cmd.StdoutPipe()
		must(err)
		must(cmd.Start())
		var w io.Writer = in
		var r io.Reader = out
		if how == "socket" {
			c, err := l.Accept()
			must(err)
			w, r = c, c
			defer c.Close()
		}
		message := make([]byte, size)
		report(how+" to a process, there and back", func() {
			w.Write(message)
			io.ReadFull(r, message)
		})
		if how == "socket" {
			w.(net.Conn).Close()
		}
		in.Close()
		cmd.Wait()
	}

	memory := make([]byte, 8)
	var mu sync.Mutex
	report("update under a mutex", func() { mu.Lock(); increment(memory); mu.Unlock() })
	file, err := os.Create(filepath.Join(dir, "memory"))
	must(err)
	must(file.Truncate(8))
	memory, err = syscall.Mmap(int(file.Fd()), 0, 8, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	must(err)
	fd := int(file.Fd())
	report("update of mapped memory under flock", func() {
		syscall.Flock(fd, syscall.LOCK_EX)
		increment(memory)
		syscall.Flock(fd, syscall.LOCK_UN)
	})
	report("update of mapped memory without any lock", func() { increment(memory) })
}

// child sends back what it gets.
func child(how, path string) {
	if how == "pipe" {
		io.CopyBuffer(struct{ io.Writer }{os.Stdout}, struct{ io.Reader }{os.Stdin}, make([]byte, size))
		return
	}
	c, err := net.Dial("unix", path)
	must(err)
	io.CopyBuffer(struct{ io.Writer }{c}, struct{ io.Reader }{c}, make([]byte, size))
}

func increment(memory []byte) {
	binary.LittleEndian.PutUint64(memory, binary.LittleEndian.Uint64(memory)+1)
}

// report prints how long f takes, in the best of several rounds.
func report(what string, f func()) {
	const rounds, times = 5, 2000
	best := time.Hour
	for range rounds {
		start := time.Now()
		for range times {
			f()
		}
		best = min(best, time.Since(start)/times)
	}
	fmt.Printf("%-42s %10v\n", what, best)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
