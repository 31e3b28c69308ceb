//go:build grade

package hidden

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	daemon "lockstep/chapters/08-daemon"
	"lockstep/grader/exam"
)

// roleVar names the environment variable that makes of the test binary a daemon.
const roleVar = "CHAPTER_DAEMON"

const (
	quick = "quick" // it writes its lines, in two halves each
	stuck = "stuck" // its write waits until standard input is closed
	later = "later" // when Serve has returned it lives until standard input is closed
)

const (
	childLines  = 20
	forcedCode  = 3 // what the daemon exits with when it was forced
	ready       = "ready"
	writeBegins = "write begins"
	served      = "served"
	killed      = -1 // what ExitCode says of a process that a signal has ended
)

// play is the daemon's main; it returns the exit code. Nothing is written before a
// signal comes: an hour is longer than it lives.
func play(role string) int {
	lines := make(chan string)
	go func() {
		for i := range childLines {
			lines <- fmt.Sprintf("line %d", i)
		}
		fmt.Println(ready) // all have been taken
	}()
	write := func(lines []string) {
		if role == stuck {
			fmt.Println(writeBegins)
			io.Copy(io.Discard, os.Stdin)
		}
		for _, line := range lines {
			fmt.Print(line[:3])
			time.Sleep(time.Millisecond) // whoever does not wait exits here
			fmt.Println(line[3:])
		}
	}
	switch err := daemon.Serve(daemon.System{}, lines, time.Hour, write, func() {}); err {
	case nil:
		if role == later {
			fmt.Println(served)
			io.Copy(io.Discard, os.Stdin)
		}
		return 0
	case daemon.ErrForced:
		return forcedCode
	default:
		fmt.Fprintln(os.Stderr, "Serve:", err)
		return 1
	}
}

// TestProcess checks that a real process writes its lines at Ctrl-C, and ends at another one.
//
//grade:todo 8.5
//grade:points 2
//grade:needs TestServeLosesNoLine TestServeBeatsToTheEnd TestServeIsForced TestRunLetsGo TestRunMissesNoSignal
func TestProcess(t *testing.T) {
	var want []string
	for i := range childLines {
		want = append(want, fmt.Sprintf("line %d", i))
	}
	const first = "a process that runs Serve got SIGINT"
	said, code := interrupt(t, first, quick, ready)
	exam.Equal(t, "exit code", code, 0, first)
	exam.Equal(t, "lines that the process wrote", fmt.Sprint(said), fmt.Sprint(want), "it got SIGINT when Serve had taken them all")

	const second = "a process whose write is stuck got a second SIGINT; Serve should return ErrForced"
	_, code = interrupt(t, second, stuck, ready, writeBegins)
	exam.Equal(t, "exit code", code, forcedCode, second)

	const after = "a process got a SIGINT after Serve had returned nil; it should end the process, as if nobody had ever asked for signals"
	_, code = interrupt(t, after, later, ready, served)
	exam.Equal(t, "exit code", code, killed, after)
}

// interrupt starts the daemon and sends it SIGINT each time it has said one of the
// words, in that order. It returns what the daemon said besides, and its exit code. When
// says what has happened, and what should come of it.
func interrupt(t *testing.T, when, role string, words ...string) (said []string, code int) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatalf("the test cannot find itself: %v", err)
	}
	ctx, cancel := context.WithTimeout(background, exam.Patience) // passes in full only if the daemon does not end
	defer cancel()
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), roleVar+"="+role)
	cmd.Stderr = os.Stderr // races in the daemon are the check's
	stdin, _ := cmd.StdinPipe()
	defer stdin.Close()
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatalf("the daemon cannot be started: %v", err)
	}
	for output := bufio.NewScanner(stdout); output.Scan(); {
		if len(words) == 0 || output.Text() != words[0] {
			said = append(said, output.Text())
			continue
		}
		words = words[1:]
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Errorf("SIGINT could not be sent: %v", err)
		}
	}
	cmd.Wait()
	if ctx.Err() != nil {
		t.Errorf("the process has not ended within %v, and was killed: %s", exam.Patience, when)
	}
	return said, cmd.ProcessState.ExitCode()
}
