//go:build grade

package hidden

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	pool "lockstep/chapters/17-process-pool"
	"lockstep/grader/exam"
	"lockstep/grader/exam/puppet"
)

// roleVar names the environment variable that makes of the test binary a child process.
const roleVar = "CHAPTER_POOL"

const (
	worker    = "worker"    // runs Main
	stillborn = "stillborn" // ends before it has read anything
	parent    = "parent"    // has a pool of its own
)

// TestMain is the entry of two programs: of the tests, and of the children.
func TestMain(m *testing.M) {
	switch os.Getenv(roleVar) {
	case "":
		exam.Main(m)
	case worker:
		work()
	case stillborn:
		os.Exit(4)
	case parent:
		raise()
	}
}

// What a worker can be asked to do; anything else it answers with a "!".
const (
	sayPid   = "say pid"
	failNow  = "fail"
	failWith = "fail with " // and a text
	killSelf = "kill yourself"
	exitWith = "exit with " // and a digit
	half     = "half an answer"
	hangUp   = "hang up"    // closes the pipe and lives on
	chatter  = "chatter"    // prints to standard output, where answers are expected
	nonsense = "nonsense"   // sends a whole message of an unknown kind
	block    = "block"      // says so, and never ends
	deaf     = "deaf"       // from now on it ignores SIGTERM, and the end of its input
	meek     = "meek"       // from now on SIGTERM ends it at once, and the end of its input does not
	shut     = "shut"       // closes its standard input, answers, and lives on
	lingers  = "lingers"    // from now on it ignores the end of its input
	tells    = "tells"      // from now on it says what ends it
	slow     = "slow"       // from now on it ignores the end of its input; at SIGTERM it says so, hangs up, and takes its time
	inOrder  = "in order"   // what such a one says when it ends
	numb     = "numb"       // answers, and reads no more than the first byte of its next task
	once     = "kill once " // and a file, which is there if it has been tried before
)

const (
	stays = time.Hour              // longer than any child lives
	tidy  = 30 * time.Millisecond  // what such a worker needs to put its things in order
	long  = 150 * time.Millisecond // what one needs that takes its time
)

// mouth is a worker's standard output.
type mouth struct{ half, numb bool }

func (m *mouth) Write(message []byte) (int, error) {
	if m.half {
		os.Stdout.Write(message[:len(message)/2])
		os.Exit(0)
	}
	n, err := os.Stdout.Write(message)
	if m.numb {
		os.Stdin.Read(make([]byte, 1))
		fmt.Fprintln(os.Stderr, numb)
		time.Sleep(stays)
	}
	return n, err
}

// work is what a worker does. What it says about itself it writes to standard error.
func work() {
	var out mouth
	var lingering, telling bool
	err := pool.Main(os.Stdin, &out, func(task string) (string, error) {
		if code, ok := strings.CutPrefix(task, exitWith); ok {
			os.Exit(int(code[0] - '0'))
		}
		if text, ok := strings.CutPrefix(task, failWith); ok {
			return "", errors.New(text)
		}
		if path, ok := strings.CutPrefix(task, once); ok {
			if f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600); err == nil {
				f.Close()
				killMyself()
			}
		}
		switch task {
		case sayPid:
			return fmt.Sprint(os.Getpid()), nil
		case failNow:
			return "", errTask
		case killSelf:
			killMyself()
		case half:
			out.half = true
			return strings.Repeat("half", 1000), nil
		case hangUp:
			os.Stdout.Close()
			time.Sleep(stays)
		case chatter:
			fmt.Println("half done, everything is fine")
		case nonsense:
			os.Stdout.WriteString("?\x00\x00\x00\x04what")
			time.Sleep(stays)
		case block:
			fmt.Fprintln(os.Stderr, block)
			time.Sleep(stays)
		case deaf:
			signal.Ignore(syscall.SIGTERM)
			lingering = true
		case meek:
			puppet.DieOf(syscall.SIGTERM)
			lingering = true
		case shut:
			os.Stdin.Close()
			lingering = true
		case lingers:
			lingering = true
		case numb:
			out.numb = true
		case slow:
			lingering = true
			atTerm(func() {
				fmt.Fprintln(os.Stderr, "SIGTERM")
				os.Stdout.Close() // not before: a Do that sees it may use force
				time.Sleep(long)
				fmt.Fprintln(os.Stderr, inOrder)
			})
		case tells:
			telling = true
			atTerm(func() {
				time.Sleep(tidy)
				fmt.Fprintln(os.Stderr, "SIGTERM")
			})
		}
		return task + "!", nil
	})
	if telling || lingering {
		time.Sleep(tidy)
		fmt.Fprintln(os.Stderr, "end of input")
	}
	if lingering {
		time.Sleep(stays)
	}
	if err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// atTerm has f called at SIGTERM, and the process end after that.
func atTerm(f func()) {
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	go func() {
		<-term
		f()
		os.Exit(7)
	}()
}

func killMyself() {
	self, _ := os.FindProcess(os.Getpid())
	self.Kill() // SIGKILL
	time.Sleep(stays)
}

// raise is a program that uses the pool and is killed while its workers are idle.
func raise() {
	p := pool.New(pool.Options{Workers: 2, Tries: 1}, func() (pool.Worker, error) {
		return pool.StartProcess(child(worker, os.Stderr), stays)
	})
	answers, err := p.Map([]string{"a", "b"})
	fmt.Println(answers, err)
	time.Sleep(stays)
}

// child returns the command for this program once more, in that role.
func child(role string, stderr *os.File) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), roleVar+"="+role)
	cmd.Stderr = stderr
	return cmd
}

var (
	background = context.Background()
	errTask    = errors.New("no such page")
	errStart   = errors.New("too many processes")
	errCause   = errors.New("cause, which is not what Err says") // why contexts end here
)

// ended returns a context that has ended.
func ended() context.Context {
	ctx, cancel := context.WithCancelCause(background)
	cancel(errCause)
	return ctx
}

// staff starts real workers and hears what they say on standard error.
type staff struct {
	t     *testing.T
	says  *bufio.Reader
	their *os.File // their standard error; they have copies

	mu   sync.Mutex
	cmds []*exec.Cmd
}

func newStaff(t *testing.T) *staff {
	ours, theirs, err := os.Pipe()
	if err != nil {
		t.Fatalf("there is no pipe: %v", err)
	}
	s := &staff{t: t, says: bufio.NewReader(ours), their: theirs}
	t.Cleanup(func() {
		for _, cmd := range s.cmds {
			if cmd.Process != nil {
				cmd.Process.Kill() // one that a failed check has left
			}
		}
		theirs.Close()
		ours.Close()
	})
	return s
}

// command returns the command of a child.
func (s *staff) command(role string) *exec.Cmd {
	cmd := child(role, s.their)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cmds = append(s.cmds, cmd)
	return cmd
}

// hire starts a worker, and has it do the tasks, which it must answer.
func (s *staff) hire(role string, grace time.Duration, tasks ...string) *pool.Process {
	s.t.Helper()
	p, err := pool.StartProcess(s.command(role), grace)
	if err != nil {
		s.t.Fatalf("StartProcess(cmd, %v): %v", grace, err)
	}
	for _, task := range tasks {
		answer, err := s.do(p, task)
		if err != nil || answer != task+"!" {
			s.t.Fatalf("Do(%q) = %q, %v, want %q and no error: the process is alive", task, answer, err, task+"!")
		}
	}
	return p
}

// do is p.Do, with a limit to our patience.
func (s *staff) do(p *pool.Process, task string) (answer string, err error) {
	s.t.Helper()
	exam.Within(s.t, fmt.Sprintf("Do(%q)", task), func() { answer, err = p.Do(task) })
	return answer, err
}

// hears waits until a worker says that line.
func (s *staff) hears(line, when string) {
	s.t.Helper()
	got := ""
	exam.Within(s.t, fmt.Sprintf("the worker says %q; %s", line, when), func() { got, _ = s.says.ReadString('\n') })
	exam.Equal(s.t, "what the worker says on standard error", strings.TrimSpace(got), line, when)
}

// rest returns what is still said, once all who could say something have ended.
func (s *staff) rest(when string) string {
	s.t.Helper()
	s.their.Close()
	var rest []byte
	exam.Within(s.t, "all workers end, and with them their standard error; "+when, func() { rest, _ = io.ReadAll(s.says) })
	return strings.TrimSpace(string(rest))
}
