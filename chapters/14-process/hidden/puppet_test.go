//go:build grade

package hidden

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"testing"

	"lockstep/grader/exam"
	"lockstep/grader/exam/wire"
)

// puppetMark is the first argument of a puppet: a process that is this test binary once
// more, and does nothing but what the check tells it, through a socket. Its other arguments are
// the socket's path and the puppet's name, and whatever the check adds.
const puppetMark = "puppet"

// withinVar is there in the environment of what the test binary starts, unless that gets another.
const withinVar = "LOCKSTEP_WITHIN"

// TestMain is the entry of two programs: of the tests, and of the puppets. A process that has
// been started by mistake, with arguments of no puppet, runs no tests: they would start more.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 3 && os.Args[1] == puppetMark:
		play(os.Args[2], os.Args[3])
	case os.Getenv(withinVar) != "" || !wire.Active() && !slices.ContainsFunc(os.Args, isTestFlag):
		fmt.Fprintf(os.Stderr, "a process was started with the arguments %q, and does not know what to do\n", os.Args[1:])
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
	path, name string
	conn       net.Conn
	stdin      *bufio.Reader
}

// play is the puppet's main. It does not return, and it ends when the check lets go of the
// socket, whatever it is doing: no puppet outlives its check. It leaves by syscall.Exit, which
// does not wait for the race detector.
func play(path, name string) {
	conn, err := net.Dial("unix", path)
	if err != nil {
		fmt.Fprintln(os.Stderr, "puppet:", err)
		syscall.Exit(1)
	}
	p := player{path, name, conn, bufio.NewReader(os.Stdin)}
	p.tell(report{Name: name, Pid: os.Getpid()})
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
		answer, err := p.carryOut(o)
		if err != nil {
			answer = "error: " + err.Error()
		}
		p.tell(report{Done: true, Answer: answer})
	}
}

func (p *player) tell(r report) { json.NewEncoder(p.conn).Encode(r) }

func (p *player) carryOut(o order) (answer string, err error) {
	switch o.Verb {
	case "ping":
	case "args":
		return fmt.Sprintf("%q", os.Args[4:]), nil
	case "env":
		return strings.Join(os.Environ(), " "), nil
	case "dir":
		return os.Getwd()
	case "print":
		_, err = io.WriteString(os.Stdout, o.Text)
	case "complain":
		_, err = io.WriteString(os.Stderr, o.Text)
	case "flood": // both streams, in turn
		for range floodRounds {
			if _, err = io.WriteString(os.Stdout, floodOut); err == nil {
				_, err = io.WriteString(os.Stderr, floodErr)
			}
		}
	case "flood for ever":
		for err == nil {
			_, err = io.WriteString(os.Stdout, floodOut)
		}
	case "close":
		os.Stdout.Close()
		os.Stderr.Close()
	case "deaf": // nobody will read what comes
		os.Stdin.Close()
	case "line":
		return p.stdin.ReadString('\n')
	case "read":
		all, err := io.ReadAll(p.stdin)
		return string(all), err
	case "copy":
		_, err = io.Copy(os.Stdout, p.stdin)
	case "catch": // SIGTERM, and say so
		caught := make(chan os.Signal, 1)
		signal.Notify(caught, syscall.SIGTERM)
		go func() { p.tell(report{Signal: (<-caught).String()}) }()
	case "ignore":
		signal.Ignore(syscall.SIGTERM)
	case "fork":
		return "", p.fork(o.Text)
	case "exit":
		var code int
		fmt.Sscan(o.Text, &code)
		syscall.Exit(code)
	default:
		err = fmt.Errorf("no such order: %s", o.Verb)
	}
	return "", err
}

// fork starts a grandchild of that name, with the same streams and in the same group, and
// does not wait for it.
func (p *player) fork(name string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	grandchild := exec.Command(self, puppetMark, p.path, name)
	grandchild.Env = []string{}
	grandchild.Stdin, grandchild.Stdout, grandchild.Stderr = os.Stdin, os.Stdout, os.Stderr
	return grandchild.Start()
}

// What a flood consists of: more than any pipe holds, on either stream.
var (
	floodOut = strings.Repeat("out", 10_000) + "\n"
	floodErr = strings.Repeat("err", 10_000) + "\n"
)

const floodRounds = 10
