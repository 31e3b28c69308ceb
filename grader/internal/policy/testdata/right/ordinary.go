// Package lock is ordinary code of a learner: nothing here may be refused.
package lock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// go: a comment about go, and a line about line 3: here it is
//line up the queue, then go
//export restrictions are no directive

const huge = 1 << 40

var (
	errClosed = errors.New("closed")
	table     = map[int]string{1 << 40: "far", -1: "near"}
	squares   = [...]int{4: 16, 3: 9}
	buffer    [1 << 16]byte
	handler   = func() { go func() {}() }
	now       = time.Now
	logger    = log.New(os.Stderr, "", 0)
	discard   = io.Writer(io.Discard)
	once      = sync.OnceValue(func() int { return rand.IntN(6) })
	matrix    [512][512]float64
	endOfFile = io.EOF
)

type list[T any] struct {
	head, tail *node[T]
	len, cap   int
	init       func()
}

type node[T any] struct {
	next  *node[T]
	value T
}

type shape interface {
	area() float64
	copy() shape
	close() error
}

func (l *list[T]) append(value T) {
	n := &node[T]{value: value}
	if l.tail == nil {
		l.head = n
	} else {
		l.tail.next = n
	}
	l.tail = n
	l.len++
}

func (l *list[T]) copy() (copy list[T]) {
	for n := l.head; n != nil; n = n.next {
		copy.append(n.value)
	}
	return copy
}

func (l *list[T]) delete() { l.head, l.tail, l.len = nil, nil, 0 }

func (l *list[T]) recover() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	l.init()
	return nil
}

// shadows uses the names of packages and of Go's own functions for its variables.
func shadows(os []string, time struct{ Local *int }, len int) int {
	io := struct{ EOF error }{}
	io.EOF = nil
	os[0] = "x"
	time.Local = &len
	new, max, min, cap, string := 1, 2, 3, 4, 5
	print := func(int) {}
	print(max)
	for context := range os {
		context++
	}
	runtime := struct{ GOMAXPROCS, Stack func() }{func() {}, func() {}}
	runtime.GOMAXPROCS()
	log := struct{ Fatal func() }{func() {}}
	log.Fatal()
	return new + max + min + cap + string
}

type exit struct{ Exit func(int) }

func shadowed(os exit) { os.Exit(1) }

func work(ctx context.Context, jobs <-chan int, workers int) (sum int64) {
	var (
		wg    sync.WaitGroup
		total atomic.Int64
		mu    = &sync.Mutex{}
		add   = total.Add
		lock  = mu.Lock
	)
	for range workers {
		wg.Go(func() {
			for {
				select {
				case job, ok := <-jobs:
					if !ok {
						return
					}
					lock()
					add(int64(job))
					mu.Unlock()
				case <-ctx.Done():
					return
				}
			}
		})
	}
	wg.Wait()
	runtime.Gosched()
	fmt.Fprintln(os.Stderr, runtime.NumGoroutine(), runtime.NumCPU(), os.Args[0], append(os.Args[1:], "child"))
	if _, err := os.Stdout.WriteString("done\n"); errors.Is(err, io.EOF) {
		log.Print(err)
	}
	timer := time.NewTimer(time.Second)
	defer timer.Stop()
	p := &time.Time{}
	*p = time.Now()
	var once sync.Once
	once.Do(func() { sum = total.Load() })
	return sum
}
