//go:build grade

package hidden

import (
	"bufio"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	pool "lockstep/chapters/17-process-pool"
	"lockstep/grader/exam"
)

// pool returns a pool of real workers.
func (s *staff) pool(options pool.Options, grace time.Duration) *pool.Pool {
	return pool.New(options, func() (pool.Worker, error) { return pool.StartProcess(s.command(worker), grace) })
}

// TestPoolOfProcesses checks that a pool of real processes does all tasks, although some processes are killed.
//
//grade:todo 17.4
//grade:points 2
//grade:needs TestMapErrors TestJoinAfterCrash TestMaxTasksCrash TestProcessCrashes TestProcessClose
func TestPoolOfProcesses(t *testing.T) {
	const when = "real processes; one task kills every worker that gets it, another one only the first"
	s := newStaff(t)
	p := s.pool(pool.Options{Workers: 2, Tries: 2, MaxTasks: 3}, patient)
	shaky := once + filepath.Join(t.TempDir(), "tried")
	tasks := []string{"a", killSelf, "b", shaky, "c", failNow, "d"}
	var answers []string
	var err error
	exam.Within(t, "Map(tasks): "+when, func() { answers, err = p.Map(tasks) })
	exam.Error(t, "Map(tasks)", err, pool.ErrCrashed, when)
	want := fmt.Sprintf("%q", []string{"a!", "", "b!", shaky + "!", "c!", "", "d!"})
	exam.Equal(t, "answers of Map(tasks)", fmt.Sprintf("%q", answers), want, when)
	p.Close()
	exam.Within(t, "Join(), after Map and Close: "+when, func() { joins(t, p, when) })
	nobodyLeft(t, "after Join: "+when)
}

// TestTerminateProcesses checks that Terminate leaves no process behind, not even one that ignores SIGTERM.
//
//grade:todo 17.5
//grade:points 2
//grade:needs TestTerminateIdle TestTerminateKillsTogether TestTerminateDuringStart TestTerminateMeanwhile TestProcessCrashes TestProcessKillMeanwhile
func TestTerminateProcesses(t *testing.T) {
	const when = "real processes: one is at work, one ignores SIGTERM and the end of its input, one task waits; Terminate"
	s := newStaff(t)
	p := s.pool(pool.Options{Workers: 2, Tries: 3}, curt)
	exam.Within(t, `Apply("deaf")`, func() { applies(t, p, deaf, deaf+"!", nil, "a real process") })
	busy, other := p.Submit(block), p.Submit(block)
	s.hears(block, "two workers have been given a task that does not end")
	s.hears(block, "two workers have been given a task that does not end")
	waits := p.Submit("b")
	exam.Within(t, "Terminate(): "+when, p.Terminate)
	nobodyLeft(t, "after Terminate: "+when)
	got(t, busy, "Submit(task)", "", pool.ErrTerminated, when)
	got(t, other, "Submit(task)", "", pool.ErrTerminated, when)
	got(t, waits, "Submit(task)", "", pool.ErrTerminated, when)
}

// TestNoOrphans checks that workers end when the program that has the pool is killed.
//
//grade:todo 17.5
//grade:points 1
//grade:needs TestPoolOfProcesses
func TestNoOrphans(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows cannot hand on the standard error of a child to its children and tell when the last has closed it")
	}
	const when = "a program with a pool of two real processes is killed while they are idle"
	s := newStaff(t)
	cmd := s.command(parent)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatalf("the program cannot be started: %v", err)
	}
	said := ""
	exam.Within(t, "Map in the program", func() { said, _ = bufio.NewReader(out).ReadString('\n') })
	exam.Equal(t, `Map("a", "b")`, strings.TrimSpace(said), "[a! b!] <nil>", "in a program of its own")
	kill(cmd)
	exam.Equal(t, "what the workers say on standard error", s.rest(when), "", when)
}

func kill(cmd *exec.Cmd) {
	cmd.Process.Kill()
	cmd.Wait()
}
