//go:build grade

package hidden

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
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
	// strangerMark begins the first argument of a process that has been started without the
	// code under test.
	strangerMark = "stranger "
	// stageVar says where the stage is, for those who have not been told.
	stageVar = "LOCKSTEP_STAGE"
	// heldVar is there for those who must not call Main before the check lets them. It says
	// by which name they come to the stage until then.
	heldVar = "LOCKSTEP_HELD"
	// goneVar is there for those who must end before they call Main.
	goneVar = "LOCKSTEP_GONE"
	// lostName is how a child is called that does what it should not: go on in main.
	lostName = "main"
)

// goneCode is the exit code of those who end before they call Main.
const goneCode = 7

// echoes are the names of a function that returns its arguments as one text.
var echoes = []string{"echo", "", "-e two words=\n\"'"}

// TestMain is main for the tests, and for all the processes that they start. None of those
// runs tests, whatever happens: they would start more.
func TestMain(m *testing.M) {
	functions.Register("puppet", puppetMain)
	for _, name := range echoes {
		functions.Register(name, func(args []string) (string, error) { return strings.Join(args, ""), nil })
	}
	functions.Register("count", func(args []string) (string, error) { return strconv.Itoa(len(args)), nil })
	if os.Getenv(goneVar) != "" {
		syscall.Exit(goneCode)
	}
	beHeld()
	functions.Main()
	path, name, stranger := strangerOf(os.Args[1:])
	switch {
	case stranger:
		puppetMain([]string{path, name})
		syscall.Exit(0)
	case puppet.Stray():
		puppet.Dial(os.Getenv(stageVar), lostName)
		syscall.Exit(1)
	}
	exam.Main(m, child.ErrUnknown, child.ErrTaken)
}

// beHeld waits if the check wants this process to be slow to come up.
func beHeld() {
	name := os.Getenv(heldVar)
	if name == "" {
		return
	}
	os.Unsetenv(heldVar)
	inside, err := puppet.Dial(os.Getenv(stageVar), name)
	if err != nil {
		syscall.Exit(1) // the check is over
	}
	<-inside.Orders()
}

// A player is the inside of a puppet.
type player struct {
	*puppet.Player
	args      []string
	orders    <-chan puppet.Order
	children  map[string]*child.Process // by their names
	strangers int                       // how many it has started
	caught    chan os.Signal
}

// puppetMain is a function that does what the check tells it through a socket, until it is told
// to return. Its arguments are the stage's path and the puppet's name, and whatever the check
// adds.
func puppetMain(args []string) (string, error) {
	inside, err := puppet.Dial(args[0], args[1])
	if err != nil {
		return "", err
	}
	p := player{Player: inside, args: args, orders: inside.Orders(), children: map[string]*child.Process{}}
	for o := range p.orders {
		switch o.Verb {
		case "return":
			return o.Text, nil
		case "return long":
			go p.obey()
			return longText(o.Text), nil
		case "return long error":
			go p.obey()
			return "", errors.New(longText(o.Text))
		case "return error":
			return "unwanted", errors.New(o.Text)
		case "panic":
			panic(o.Text)
		case "end goroutine":
			runtime.Goexit()
		}
		p.Answer(p.carryOut(o))
	}
	return "", nil
}

// obey goes on with the orders when the function has returned, as long as there is a process.
func (p *player) obey() {
	for o := range p.orders {
		p.Answer(p.carryOut(o))
	}
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
	case "environment":
		return environment(), nil
	case "directory":
		return os.Getwd()
	case "read standard input": // to its end
		all, err := io.ReadAll(bufio.NewReader(os.Stdin))
		return string(all), err
	case "start":
		p.children[o.Text], err = functions.Start("puppet", p.args[0], o.Text)
	case "start daemon":
		p.children[o.Text], err = functions.StartDaemon("puppet", p.args[0], o.Text)
	case "start echo":
		_, err = functions.Start("echo")
	case "join": // a child that "start" has started
		return joined(p.children[o.Text].Join(background)), nil
	case "hold": // the children that will be started
		err = os.Setenv(heldVar, o.Text)
	case "start stranger": // by other means
		var self string
		if self, err = os.Executable(); err == nil {
			p.strangers++
			cmd := exec.Command(self, strangerArgs(p.args[0], o.Text, p.strangers)...)
			cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
			answer, err = fmt.Sprint(p.strangers), cmd.Start()
		}
	case "adopt": // orphans
		err = adopt()
	case "catch":
		p.caught = make(chan os.Signal, 1)
		signal.Notify(p.caught, syscall.SIGTERM)
	case "get SIGTERM", "get SIGTERM again": // if it has been told to catch it
		<-p.caught
	case "exit":
		code, _ := strconv.Atoi(o.Text)
		os.Exit(code)
	default:
		return p.CarryOut(o)
	}
	return answer, err
}

// strangerArgs are n arguments for a process that is no child, and is to come to the stage with
// that path by that name. Who tells a child by how many it has takes one of them for a child.
func strangerArgs(path, name string, n int) []string {
	args := make([]string, n)
	args[0] = strangerMark + name + "\n" + path
	return args
}

// strangerOf reports what strangerArgs has said.
func strangerOf(args []string) (path, name string, ok bool) {
	if len(args) == 0 {
		return "", "", false
	}
	text, ok := strings.CutPrefix(args[0], strangerMark)
	name, path, _ = strings.Cut(text, "\n")
	return path, name, ok
}

// environment is that of this process, a line for each variable.
func environment() string {
	var lines []string
	for _, variable := range os.Environ() {
		lines = append(lines, fmt.Sprintf("%q", variable))
	}
	return strings.Join(lines, "\n")
}

// joined says what Join has returned, if that may be long.
func joined(result string, err error) string {
	var failure *child.Failure
	switch {
	case errors.As(err, &failure):
		return fmt.Sprintf("%s and a Failure with %s and code %d", size(result), size(failure.Text), failure.Code)
	case err != nil:
		return err.Error()
	}
	return size(result)
}

func size(text string) string {
	if text != longText(strconv.Itoa(len(text))) {
		return "another text"
	}
	return fmt.Sprintf("%d bytes", len(text))
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
