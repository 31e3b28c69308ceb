//go:build grade

package hidden

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	child "lockstep/chapters/15-process-syntax"
	"lockstep/grader/exam"
	"lockstep/grader/exam/wire"
)

// functions are those that the checks run in child processes.
var functions child.Registry

const (
	// strangerMark is the first argument of a process that a child has started without the
	// code under test.
	strangerMark = "stranger"
	// withinVar is there in the environment of whatever the test binary starts.
	withinVar = "LOCKSTEP_WITHIN"
	// stageVar says where the stage is, for those who have not been told.
	stageVar = "LOCKSTEP_STAGE"
	// lostName is how a child is called that does what it should not: go on in main.
	lostName = "main"
)

// TestMain is main for the tests, and for all the processes that they start. None of those
// runs tests, whatever happens: they would start more.
func TestMain(m *testing.M) {
	functions.Register("puppet", puppetMain)
	functions.Register("echo", func(args []string) (string, error) { return strings.Join(args, ""), nil })
	functions.Main()
	switch {
	case len(os.Args) == 4 && os.Args[1] == strangerMark:
		puppetMain(os.Args[2:])
		syscall.Exit(0)
	case os.Getenv(withinVar) != "" || !wire.Active() && !slices.ContainsFunc(os.Args, isTestFlag):
		if conn, err := net.Dial("unix", os.Getenv(stageVar)); err == nil {
			json.NewEncoder(conn).Encode(report{Name: lostName, Pid: os.Getpid()})
		}
		syscall.Exit(1)
	}
	os.Setenv(withinVar, "yes")
	exam.Main(m)
}

// isTestFlag reports whether an argument is one that go test gives to its binary.
func isTestFlag(arg string) bool { return strings.HasPrefix(arg, "-test.") }

// An order is what a puppet is told to do.
type order struct{ Verb, Text string }

// A report is what a puppet says to the check.
type report struct {
	Name   string // of the puppet, once, when it has come
	Pid    int    // likewise
	Done   bool   // the last order has been carried out,
	Answer string // with this answer
	Signal string // this signal has come
}

// A player is the inside of a puppet.
type player struct {
	args []string
	conn net.Conn
}

// puppetMain is a function that does what the check tells it through a socket, until it is told
// to return. Its arguments are the socket's path and the puppet's name, and whatever the
// check adds. Its process ends when the check lets go of the socket, whatever it is doing: no
// puppet outlives its check.
func puppetMain(args []string) (string, error) {
	conn, err := net.Dial("unix", args[0])
	if err != nil {
		return "", err
	}
	p := player{args, conn}
	p.tell(report{Name: args[1], Pid: os.Getpid()})
	orders := make(chan order)
	go func() {
		for in := json.NewDecoder(conn); ; {
			var o order
			if in.Decode(&o) != nil {
				syscall.Exit(0)
			}
			orders <- o
		}
	}()
	for o := range orders {
		switch o.Verb {
		case "return":
			return o.Text, nil
		case "return long":
			return longText(o.Text), nil
		case "return error":
			return "unwanted", errors.New(o.Text)
		case "panic":
			panic(o.Text)
		}
		answer, err := p.carryOut(o)
		if err != nil {
			answer = "error: " + err.Error()
		}
		p.tell(report{Done: true, Answer: answer})
	}
	return "", nil
}

func (p *player) tell(r report) { json.NewEncoder(p.conn).Encode(r) }

func (p *player) carryOut(o order) (answer string, err error) {
	switch o.Verb {
	case "ping":
	case "args":
		return fmt.Sprintf("%q", p.args[2:]), nil
	case "digest": // of arguments that are too long to be repeated
		var lengths []string
		for _, arg := range p.args[2:] {
			if arg != longText(strconv.Itoa(len(arg))) {
				return "spoilt", nil
			}
			lengths = append(lengths, strconv.Itoa(len(arg)))
		}
		return strings.Join(lengths, " "), nil
	case "variable":
		return os.Getenv(o.Text), nil
	case "read": // standard input, to its end
		all, err := io.ReadAll(bufio.NewReader(os.Stdin))
		return string(all), err
	case "print":
		_, err = io.WriteString(os.Stdout, o.Text)
	case "complain":
		_, err = io.WriteString(os.Stderr, o.Text)
	case "catch": // SIGTERM, and say so
		caught := make(chan os.Signal, 1)
		signal.Notify(caught, syscall.SIGTERM)
		go func() { p.tell(report{Signal: (<-caught).String()}) }()
	case "ignore":
		signal.Ignore(syscall.SIGTERM)
	case "start":
		_, err = functions.Start("puppet", p.args[0], o.Text)
	case "start daemon":
		_, err = functions.StartDaemon("puppet", p.args[0], o.Text)
	case "start stranger": // by other means
		var self string
		if self, err = os.Executable(); err == nil {
			err = exec.Command(self, strangerMark, p.args[0], o.Text).Start()
		}
	case "exit":
		code, _ := strconv.Atoi(o.Text)
		os.Exit(code)
	default:
		err = fmt.Errorf("no such order: %s", o.Verb)
	}
	return "", err
}

// longText is a text of so many bytes, in which all kinds of bytes occur.
func longText(length string) string {
	n, _ := strconv.Atoi(length)
	text := make([]byte, n)
	for i := range text {
		text[i] = byte(i + i/256)
	}
	return string(text)
}
