package verdict

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lockstep/grader/exam/wire"
	"lockstep/grader/interleave/lanes"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/evidence"
	"lockstep/grader/internal/sandbox"
)

var check = course.Check{Name: "TestX", Todo: "5.1", Title: "it works", Points: 3}

// source is a student's file of which tests name lines.
var source = Source{Dir: "chapters/05-lock", Files: map[string][]byte{
	"lock.go": []byte("package lock\n\nfunc add() {\n\tn++\n}\n\nfunc wait() {\n\t<-done\n}\n"),
}}

// clean is a run in which everything agrees.
func clean() Run {
	return Run{
		Outcome: sandbox.Outcome{End: sandbox.Exited},
		Records: evidence.Records{Begun: 1, Ended: 1, End: wire.Record{Kind: wire.End, Passed: true}},
		Source:  source,
	}
}

func TestACleanRunPasses(t *testing.T) {
	c := Decide(check, clean())
	require.Equal(t, Check{Name: "TestX", Todo: "5.1", Title: "it works", Status: Pass, Points: 3, MaxPoints: 3}, c)
}

const raceText = `==================
WARNING: DATA RACE
Read at 0x00c000096008 by goroutine 7:
  lockstep/chapters/05-lock.add()
      /src/chapters/05-lock/lock.go:4 +0x9b

Previous write at 0x00c000096008 by goroutine 8:
  lockstep/chapters/05-lock.add()
      /src/chapters/05-lock/lock.go:4 +0xad
==================
`

const dumpText = `
goroutine 7 [chan receive]:
lockstep/chapters/05-lock.wait(...)
	/src/chapters/05-lock/lock.go:8 +0x44
created by lockstep/chapters/05-lock/hidden.TestX in goroutine 6
	/src/chapters/05-lock/hidden/lock_test.go:20 +0x1a
`

// TestOneOddThingIsNoPass changes one thing about a clean run at a time.
func TestOneOddThingIsNoPass(t *testing.T) {
	finding := func(status string) func(*Run) {
		return func(r *Run) {
			r.Records.Findings = []wire.Record{{Kind: wire.Finding, Status: status, Message: "m", Seed: "s"}}
			r.Records.End.Passed, r.Outcome.ExitCode = false, 1
		}
	}
	ended := func(end sandbox.End) func(*Run) { return func(r *Run) { r.Outcome.End = end } }
	for name, c := range map[string]struct {
		change func(*Run)
		want   Status
	}{
		"no record":                    {func(r *Run) { r.Records = evidence.Records{} }, Missing},
		"no begin":                     {func(r *Run) { r.Records.Begun = 0 }, Missing},
		"two begins":                   {func(r *Run) { r.Records.Begun = 2 }, Missing},
		"no end":                       {func(r *Run) { r.Records.Ended = 0 }, Missing},
		"two ends":                     {func(r *Run) { r.Records.Ended = 2 }, Missing},
		"a strange record":             {func(r *Run) { r.Records.Strange = 1 }, Missing},
		"exit status 1 after a pass":   {func(r *Run) { r.Outcome.ExitCode = 1 }, Missing},
		"a signal":                     {func(r *Run) { r.Outcome.End, r.Outcome.Signal = sandbox.Signalled, "SIGSEGV" }, Missing},
		"it failed":                    {func(r *Run) { r.Records.End.Passed, r.Outcome.ExitCode = false, 1 }, Fail},
		"it failed, exit status 0":     {func(r *Run) { r.Records.End.Passed = false }, Fail},
		"it was skipped":               {func(r *Run) { r.Records.End.Passed, r.Records.End.Skipped = false, true }, Skipped},
		"a counted race":               {func(r *Run) { r.Records.End.Races = 1 }, Race},
		"exit status 66":               {func(r *Run) { r.Outcome.ExitCode = 66 }, Race},
		"a race report":                {func(r *Run) { r.Outcome.Stderr = []byte(raceText) }, Race},
		"a finding, although passed":   {func(r *Run) { r.Records.Findings = []wire.Record{{Kind: wire.Finding, Status: "leak"}} }, Leak},
		"finding fail":                 {finding("fail"), Fail},
		"finding race":                 {finding("race"), Race},
		"finding deadlock":             {finding("deadlock"), Deadlock},
		"finding leak":                 {finding("leak"), Leak},
		"finding panic":                {finding("panic"), Panic},
		"finding timeout":              {finding("timeout"), Timeout},
		"an unknown finding":           {finding("pass"), Fail},
		"the wall clock":               {ended(sandbox.WallLimit), Timeout},
		"the processor clock":          {ended(sandbox.CPULimit), Timeout},
		"memory":                       {ended(sandbox.MemoryLimit), OutOfMemory},
		"output":                       {ended(sandbox.OutputLimit), OutputLimit},
		"processes":                    {ended(sandbox.ProcessLimit), OutOfMemory},
		"disk":                         {ended(sandbox.DiskLimit), OutputLimit},
		"cancelled":                    {ended(sandbox.Cancelled), Trouble},
		"sandbox trouble":              {func(r *Run) { r.Outcome.End, r.Outcome.Err = sandbox.Trouble, errors.New("no bwrap") }, Trouble},
		"an outcome that says nothing": {func(r *Run) { r.Outcome = sandbox.Outcome{} }, Missing},
		"a panic in a goroutine": {func(r *Run) {
			r.Records.Ended, r.Outcome.ExitCode = 0, 2
			r.Outcome.Stderr = []byte("panic: boom\n" + dumpText)
		}, Panic},
		"a deadlock that the runtime saw": {func(r *Run) {
			r.Records.Ended, r.Outcome.ExitCode = 0, 2
			r.Outcome.Stderr = []byte("fatal error: all goroutines are asleep - deadlock!\n" + dumpText)
		}, Deadlock},
		"a map written at the same time": {func(r *Run) {
			r.Records.Ended, r.Outcome.ExitCode = 0, 2
			r.Outcome.Stderr = []byte("fatal error: concurrent map writes\n" + dumpText)
		}, Race},
		"os.Exit(0)": {func(r *Run) {
			r.Records.Ended, r.Outcome.ExitCode = 0, 2
			r.Outcome.Stderr = []byte("panic: unexpected call to os.Exit(0) during test\n" + dumpText)
		}, Missing},
	} {
		t.Run(name, func(t *testing.T) {
			run := clean()
			c.change(&run)
			got := Decide(check, run)
			require.Equal(t, c.want, got.Status, got.Message)
			require.Zero(t, got.Points)
			require.NotEmpty(t, got.Message)
		})
	}
}

// TestPrintedTextIsNoPass lets a student's output claim everything there is.
func TestPrintedTextIsNoPass(t *testing.T) {
	run := clean()
	run.Records = evidence.Records{}
	run.Outcome.Stdout = []byte("PASS\nok\n--- PASS: TestX (0.00s)\n" + `{"kind":"end","check":"TestX","passed":true}`)
	require.Equal(t, Missing, Decide(check, run).Status)
}

// TestRaceOfAClose has the detector call a close a write, as it does.
func TestRaceOfAClose(t *testing.T) {
	run := clean()
	run.Outcome.Stderr = []byte(strings.NewReplacer(
		"by goroutine 7:\n", "by goroutine 7:\n  runtime.chansend()\n      /go/src/runtime/chan.go:160 +0x0\n",
		"by goroutine 8:\n", "by goroutine 8:\n  runtime.closechan()\n      /go/src/runtime/chan.go:357 +0x0\n",
		"lock.go:4 +0xad", "lock.go:5 +0xad").Replace(raceText))
	c := Decide(check, run)
	require.Equal(t, Race, c.Status)
	require.Contains(t, c.Message, "lock.go:4 sends to what lock.go:5 closes at the same time")
	require.Contains(t, c.Detail, "close by goroutine 8 at lock.go:5")
	run.Outcome.Stderr = []byte(strings.ReplaceAll(raceText, "+0x9b\n", "+0x9b\n  runtime.closechan()\n      /go/src/runtime/chan.go:357 +0x0\n"))
	require.Contains(t, Decide(check, run).Detail, "read by goroutine 7", "it is only called by a close")
}

func TestARaceComesBeforeTheWrongResult(t *testing.T) {
	run := clean()
	run.Records.End.Passed, run.Outcome.ExitCode = false, 1
	run.Outcome.Stderr = []byte(raceText)
	run.Records.Findings = []wire.Record{{Kind: wire.Finding, Status: "fail", Message: "got 1, want 2"}}
	require.Equal(t, Race, Decide(check, run).Status)
}

func TestMessagesNameTheStudentsLines(t *testing.T) {
	run := clean()
	run.Outcome.Stderr = []byte(raceText)
	c := Decide(check, run)
	require.Contains(t, c.Message, "lock.go:4")
	require.Contains(t, c.Detail, "4 | n++")

	run = clean()
	run.Outcome = sandbox.Outcome{End: sandbox.WallLimit, Wall: 30 * time.Second, Stderr: []byte("SIGQUIT: quit\n" + dumpText)}
	c = Decide(check, run)
	require.Contains(t, c.Message, "30s")
	require.Contains(t, c.Message, "a receive at lock.go:8")
	require.Contains(t, c.Detail, "8 | <-done")
	require.Contains(t, c.Detail, "started at lock_test.go:20")
}

func TestALeakNamesWhereItBlocks(t *testing.T) {
	run := clean()
	run.Records.End.Passed = false
	run.Records.Findings = []wire.Record{{Kind: wire.Finding, Status: "leak", Detail: "found unexpected goroutines:\n" +
		"[Goroutine 7 in state chan receive, with lockstep/chapters/05-lock.wait on top of the stack:\n" +
		"lockstep/chapters/05-lock.wait(...)\n\t/src/chapters/05-lock/lock.go:8 +0x44\n]"}}
	c := Decide(check, run)
	require.Equal(t, Leak, c.Status)
	require.Contains(t, c.Message, "a receive at lock.go:8")
}

func TestFindingsQuoteTheStudentsLines(t *testing.T) {
	run := clean()
	run.Records.End.Passed = false
	run.Records.Findings = []wire.Record{{Kind: wire.Finding, Status: "deadlock", Message: "m",
		Detail: "G1 waits at lock.go:8, held by G2 since lock.go:4\nG2 waits at lock.go:8\nother.go:1 and lock.go:99 are nobody's"}}
	c := Decide(check, run)
	require.Equal(t, "G1 waits at lock.go:8, held by G2 since lock.go:4\n       8 | <-done\n       4 | n++\n"+
		"G2 waits at lock.go:8\nother.go:1 and lock.go:99 are nobody's", c.Detail)
}

// TestAReplayBeginsWithASchedule, of which no line may lose its blanks.
func TestAReplayBeginsWithASchedule(t *testing.T) {
	drawn, err := json.Marshal(lanes.Schedule{
		Lanes: make([]lanes.Lane, 50),
		Steps: []lanes.Step{{Op: "Lock", Place: lanes.Place{File: "x.go", Line: 1}}, {Op: "Unlock", Place: lanes.Place{File: "x.go", Line: 2}}},
	})
	require.NoError(t, err)
	story := Source{}.story(wire.Record{Schedule: drawn})
	require.True(t, strings.HasPrefix(story, "   1 "), story)
	require.Contains(t, story, "\n   2 ")
}

func TestExplainLog(t *testing.T) {
	for name, c := range map[string]struct{ log, message string }{
		"plain": {"--- FAIL: TestX (0.00s)\n    lock_test.go:30: Balance() = 50, want 100\nFAIL\n", "Balance() = 50, want 100"},
		"testify": {"--- FAIL: TestX (0.00s)\n    lock_test.go:31: \n" +
			"        \tError Trace:\t/src/lock_test.go:31\n" +
			"        \tError:      \tNot equal: \n" +
			"        \t            \texpected: 2\n" +
			"        \t            \tactual  : 1\n" +
			"        \tTest:       \tTestX\n" +
			"        \tMessages:   \tValue() after two Adds\n", "Value() after two Adds: got 1, want 2"},
		"testify without a message": {"    lock_test.go:31: \n" +
			"        \tError Trace:\t/src/lock_test.go:31\n" +
			"        \tError:      \tShould be true\n" +
			"        \tTest:       \tTestX\n", "Should be true"},
		"the race detector's note last": {"    testing.go:1700: race detected during execution of test\n    lock_test.go:3: wrong\n", "wrong"},
		"nothing":                       {"", "the check failed without saying why"},
	} {
		t.Run(name, func(t *testing.T) {
			message, _ := explainLog(c.log)
			require.Equal(t, c.message, message)
		})
	}
}

func TestGuaranteeIsTheWeakest(t *testing.T) {
	all := wire.Record{Schedules: 1204, Exhaustive: true, Preemptions: 2}
	some := wire.Record{Schedules: 2000}
	require.Equal(t, "", guarantee(nil))
	require.Equal(t, "all 1,204 schedules with up to 2 pre-emptions", guarantee([]wire.Record{all}))
	require.Equal(t, "the only schedule there is", guarantee([]wire.Record{{Schedules: 1, Exhaustive: true, Preemptions: 2}}))
	require.Equal(t, "3,204 schedules, none failed", guarantee([]wire.Record{all, some}))
}
