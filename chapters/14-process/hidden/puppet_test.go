//go:build grade

package hidden

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"lockstep/grader/exam"
	"lockstep/grader/exam/puppet"
)

// puppetMark is the first argument of a puppet: a process that is this test binary once
// more. Its other arguments are the stage's path and the puppet's name, and whatever the check
// adds.
const puppetMark = "puppet"

// TestMain is the entry of two programs: of the tests, and of the puppets.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 3 && os.Args[1] == puppetMark:
		play(os.Args[2], os.Args[3])
	case puppet.Stray():
		fmt.Fprintf(os.Stderr, "a process was started with the arguments %q, and does not know what to do\n", os.Args[1:])
		syscall.Exit(1)
	}
	exam.Main(m)
}

// A player is the inside of a puppet.
type player struct {
	*puppet.Player
	path  string // of the stage
	stdin *bufio.Reader
}

// play is the puppet's main. It does not return.
func play(path, name string) {
	inside, err := puppet.Dial(path, name)
	if err != nil {
		fmt.Fprintln(os.Stderr, "puppet:", err)
		syscall.Exit(1)
	}
	p := player{inside, path, bufio.NewReader(os.Stdin)}
	for o := range p.Orders() {
		p.Answer(p.carryOut(o))
	}
}

func (p *player) carryOut(o puppet.Order) (answer string, err error) {
	switch o.Verb {
	case "args":
		return fmt.Sprintf("%q", os.Args[4:]), nil
	case "env":
		return strings.Join(os.Environ(), " "), nil
	case "dir":
		return os.Getwd()
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
	case "copy": // to both streams
		_, err = io.Copy(io.MultiWriter(os.Stdout, os.Stderr), p.stdin)
	case "default": // lets a signal end the process, which Go would catch or ignore
		var signal int
		fmt.Sscan(o.Text, &signal)
		return "", puppet.DieOf(syscall.Signal(signal))
	case "fork":
		return "", p.fork(o.Text, nil)
	case "fork a stranger": // in a group of its own
		return "", p.fork(o.Text, puppet.OwnGroup())
	case "exit":
		var code int
		fmt.Sscan(o.Text, &code)
		syscall.Exit(code)
	default:
		return p.CarryOut(o)
	}
	return "", err
}

// fork starts a grandchild of that name, with the same streams, and does not wait for it. If
// attributes do not say otherwise it is in the same group.
func (p *player) fork(name string, attributes *syscall.SysProcAttr) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	grandchild := exec.Command(self, puppetMark, p.path, name)
	grandchild.Env, grandchild.SysProcAttr = []string{}, attributes
	grandchild.Stdin, grandchild.Stdout, grandchild.Stderr = os.Stdin, os.Stdout, os.Stderr
	return grandchild.Start()
}

// What a flood consists of: more than any pipe holds, on either stream.
var (
	floodOut = strings.Repeat("out", 10_000) + "\n"
	floodErr = strings.Repeat("err", 10_000) + "\n"
)

const floodRounds = 10
