//go:build grade

package hidden

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	child "lockstep/chapters/15-process-syntax"
	"lockstep/grader/exam"
	"lockstep/grader/exam/puppet"
)

// functions are those that the checks run in child processes.
var functions child.Registry

const (
	// strangerMark is the first argument of a process that a child has started without the
	// code under test.
	strangerMark = "stranger"
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
	case puppet.Stray():
		puppet.Dial(os.Getenv(stageVar), lostName)
		syscall.Exit(1)
	}
	exam.Main(m)
}

// A player is the inside of a puppet.
type player struct {
	*puppet.Player
	args []string
}

// puppetMain is a function that does what the check tells it through a socket, until it is told
// to return. Its arguments are the stage's path and the puppet's name, and whatever the check
// adds.
func puppetMain(args []string) (string, error) {
	inside, err := puppet.Dial(args[0], args[1])
	if err != nil {
		return "", err
	}
	p := player{inside, args}
	for o := range p.Orders() {
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
		p.Answer(p.carryOut(o))
	}
	return "", nil
}

func (p *player) carryOut(o puppet.Order) (answer string, err error) {
	switch o.Verb {
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
		return p.CarryOut(o)
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
