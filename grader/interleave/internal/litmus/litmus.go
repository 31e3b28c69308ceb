// Package litmus makes small random concurrent programs, so that what a scheduler
// says is possible can be compared with what another one says.
package litmus

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"

	"lockstep/grader/interleave/rt"
)

// Program is a handful of goroutines, each with a list of instructions, and the
// goroutine that starts them and waits for them.
type Program struct {
	Buffer  int // of the channel
	Threads [][]Instruction
}

// Instruction is one step of a thread.
type Instruction struct {
	Op    string
	Index int // which mutex or atomic variable
}

// kinds of program: the instructions that its threads are made of. Every lock is
// taken and given back in order, so that most programs come to an end.
var kinds = [][]string{
	{"add", "load", "cas", "store"},
	{"lock", "add", "load"},
	{"lock", "nested", "trylock", "add"},
	{"rlock", "wlock", "add", "load", "tryrlock"},
	{"send", "recv", "add"},
	{"send", "recv", "trysend", "tryrecv", "load", "add"},
	{"send", "recv", "either", "close", "len"},
	{"wait", "signal", "broadcast", "add"},
	{"once", "add", "load", "lock"},
	{"lock", "send", "recv", "add", "once"},
	{"sleep", "add", "load", "timeout", "send"},
}

// Random returns the program of a seed: two or three threads of one to three
// instructions.
func Random(seed uint64) Program {
	r := rand.New(rand.NewPCG(seed, 1))
	kind := kinds[seed%uint64(len(kinds))]
	p := Program{Buffer: r.IntN(3) / 2}
	for range 2 + r.IntN(2) {
		var t []Instruction
		for range 1 + r.IntN(3) {
			t = append(t, Instruction{kind[r.IntN(len(kind))], r.IntN(2)})
		}
		p.Threads = append(p.Threads, t)
	}
	return p
}

// String returns the program, a line per thread.
func (p Program) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "buffer %d", p.Buffer)
	for i, t := range p.Threads {
		fmt.Fprintf(&b, "\n%d:", i)
		for _, in := range t {
			fmt.Fprintf(&b, " %s%d", in.Op, in.Index)
		}
	}
	return b.String()
}

// Memory is what one run of a program works on and what its threads saw.
type Memory struct {
	Pause func() // called before each instruction, nil: nothing

	mu    [2]sync.Mutex
	rw    sync.RWMutex
	cond  *sync.Cond
	ready bool
	once  [2]sync.Once
	v     [2]atomic.Int64
	c     chan int
	ended [3]atomic.Bool // which threads came to their end
	seen  [][]string
}

// NewMemory returns the memory that p starts with.
func NewMemory(p Program) *Memory {
	m := &Memory{c: make(chan int, p.Buffer), seen: make([][]string, len(p.Threads))}
	m.cond = sync.NewCond(&m.mu[0])
	return m
}

// Seen returns what the threads saw, in one string. Only what happened before may be
// looked at: call it when the run is over.
func (m *Memory) Seen() string {
	var b strings.Builder
	for i, s := range m.seen {
		fmt.Fprintf(&b, "%d[%s] ", i, strings.Join(s, " "))
	}
	return b.String()
}

// Ended reports whether all threads of p came to their end.
func (m *Memory) Ended(p Program) bool {
	for i := range p.Threads {
		if !m.ended[i].Load() {
			return false
		}
	}
	return true
}

// Free lets threads that wait for each other run on, for the sake of a clean end.
func (m *Memory) Free() {
	defer func() { recover() }() // a closed channel
	m.cond.Broadcast()
	select {
	case <-m.c:
	default:
	}
	select {
	case m.c <- 99:
	default:
	}
}

// Run runs p on m. Outside an exploration the operations are the real ones.
func (p Program) Run(m *Memory) {
	var wg sync.WaitGroup
	for i, t := range p.Threads {
		rt.WaitGroupAdd(&wg, 1)
		rt.Go(func() {
			defer rt.WaitGroupDone(&wg)
			for _, in := range t {
				if m.Pause != nil {
					m.Pause()
				}
				m.step(i, in)
			}
			m.ended[i].Store(true)
		})
	}
	rt.WaitGroupWait(&wg)
}
