// Command table is the Go side of the table in the notes.
package main

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"net"
	"net/rpc"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
)

// Dict is served by package net/rpc.
type Dict struct {
	mu sync.Mutex
	m  map[string]string
}

// Set sets a key.
func (d *Dict) Set(pair [2]string, _ *struct{}) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.m[pair[0]] = pair[1]
	return nil
}

// Get gets a key.
func (d *Dict) Get(key string, value *string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	*value = d.m[key]
	return nil
}

func main() {
	if len(os.Args) > 1 {
		must(child(os.Args[1]))
		return
	}
	dir, err := os.MkdirTemp("", "ipc")
	must(err)
	defer os.RemoveAll(dir)
	l, err := net.Listen("unix", filepath.Join(dir, "socket"))
	must(err)
	d := &Dict{m: map[string]string{}}
	must(rpc.Register(d))
	go rpc.Accept(l)
	memory := mapped(dir)

	self, _ := os.Executable()
	cmd := exec.Command(self, dir)
	cmd.Stderr = os.Stderr
	w, err := cmd.StdinPipe()
	must(err)
	r, theirs, err := os.Pipe()
	must(err)
	cmd.Stdout = theirs
	items, itemsIn, err := os.Pipe()
	must(err)
	cmd.ExtraFiles = []*os.File{itemsIn}
	must(cmd.Start())
	theirs.Close()
	itemsIn.Close()

	must(gob.NewEncoder(w).Encode("you"))
	answers := gob.NewDecoder(r)
	var message string
	must(answers.Decode(&message))
	fmt.Println(message)
	if err := answers.Decode(&message); errors.Is(err, io.EOF) {
		fmt.Println("the other end is closed")
	}
	item := make([]byte, 4)
	_, err = io.ReadFull(items, item)
	must(err)
	fmt.Printf("%s\n", item)
	must(cmd.Wait())
	var value string
	must(d.Get("key", &value))
	fmt.Println(memory[0], value)
	must(syscall.Munmap(memory))
}

func child(dir string) error {
	var message string
	if err := gob.NewDecoder(os.Stdin).Decode(&message); err != nil {
		return err
	}
	if err := gob.NewEncoder(os.Stdout).Encode("hello " + message); err != nil {
		return err
	}
	if _, err := os.NewFile(3, "items").Write([]byte("item")); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(dir, "lock"))
	if err != nil {
		return err
	}
	memory := mapped(dir)
	syscall.Flock(int(file.Fd()), syscall.LOCK_EX)
	memory[0] += 7
	syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
	client, err := rpc.Dial("unix", filepath.Join(dir, "socket"))
	if err != nil {
		return err
	}
	defer client.Close()
	return client.Call("Dict.Set", [2]string{"key", "value"}, &struct{}{})
}

// mapped returns 8 bytes that all processes share.
func mapped(dir string) []byte {
	file, err := os.OpenFile(filepath.Join(dir, "memory"), os.O_RDWR|os.O_CREATE, 0o600)
	must(err)
	defer file.Close()
	must(file.Truncate(8))
	memory, err := syscall.Mmap(int(file.Fd()), 0, 8, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	must(err)
	return memory
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
