package puppet

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"lockstep/grader/exam/wire"
)

// An Order is what a puppet is told to do.
type Order struct{ Verb, Text string }

// A report is what a puppet says to the check.
type report struct {
	Name   string // of the puppet, once, when it has come
	Pid    int    // likewise
	Done   bool   // the last order has been carried out,
	Answer string // with this answer
	Caught bool   // SIGTERM has come
}

// failure begins an answer that is an error.
const failure = "error: "

// A Player is the inside of a puppet.
type Player struct{ conn net.Conn }

// Dial makes this process the puppet of that name, on the stage with that path. The error is
// that there is no such stage, or none any more.
func Dial(path, name string) (*Player, error) {
	conn, err := net.Dial("unix", path)
	if err != nil {
		return nil, err
	}
	p := &Player{conn}
	p.tell(report{Name: name, Pid: os.Getpid()})
	return p, nil
}

func (p *Player) tell(r report) { json.NewEncoder(p.conn).Encode(r) }

// Orders returns the channel of what the puppet is told; it is to be called once. From now on
// the process ends when the check lets go of it, whatever it is doing: no puppet outlives its
// check. It leaves by syscall.Exit, which does not wait for the race detector. If code under
// test has made a puppet of the graded process itself, only the orders end.
func (p *Player) Orders() <-chan Order {
	orders := make(chan Order)
	go func() {
		for in := json.NewDecoder(p.conn); ; {
			var o Order
			if in.Decode(&o) != nil {
				if wire.Active() {
					close(orders)
					return
				}
				syscall.Exit(0)
			}
			orders <- o
		}
	}()
	return orders
}

// Answer says that the last order has been carried out, or why not.
func (p *Player) Answer(answer string, err error) {
	if err != nil {
		answer = failure + err.Error()
	}
	p.tell(report{Done: true, Answer: answer})
}

// CarryOut carries out what any puppet can be told: ping, print, complain (on standard
// error), catch (SIGTERM, and say so) and ignore (it). For other orders it returns an error.
func (p *Player) CarryOut(o Order) (answer string, err error) {
	switch o.Verb {
	case "ping":
	case "print":
		_, err = io.WriteString(os.Stdout, o.Text)
	case "complain":
		_, err = io.WriteString(os.Stderr, o.Text)
	case "catch":
		caught := make(chan os.Signal, 1)
		signal.Notify(caught, syscall.SIGTERM)
		go func() {
			<-caught
			p.tell(report{Caught: true})
		}()
	case "ignore":
		signal.Ignore(syscall.SIGTERM)
	default:
		err = fmt.Errorf("no such order: %s", o.Verb)
	}
	return "", err
}

// withinVar is there in the environment of what a test binary starts, unless that gets another.
const withinVar = "LOCKSTEP_WITHIN"

// Stray reports whether this process has been started by a test, and not to run tests: they
// would start more. TestMain asks once, when it has found that the process is no puppet,
// and ends a stray one, which code under test has started with other arguments than it
// should. Those that other processes start know it by the environment that Stray leaves them.
func Stray() bool {
	if os.Getenv(withinVar) != "" || !wire.Active() && !slices.ContainsFunc(os.Args, isTestFlag) {
		return true
	}
	os.Setenv(withinVar, "yes")
	return false
}

// isTestFlag reports whether an argument is one that go test gives to its binary.
func isTestFlag(arg string) bool { return strings.HasPrefix(arg, "-test.") }
