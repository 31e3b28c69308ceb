package verdict

import (
	"fmt"
	"strings"

	"lockstep/grader/exam/wire"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/evidence"
	"lockstep/grader/internal/sandbox"
)

// Run is all that is known of one check's process.
type Run struct {
	Outcome sandbox.Outcome  // how the process ended
	Records evidence.Records // what came through the private pipe
	Log     string           // what package testing printed
	Source  Source           // the student's files
}

// Decide gives one check its status, points and message. It passes only when
// everything agrees: the records say that it ended well exactly once, the process
// ended by itself with 0, no race was counted, nothing was left and no limit was hit.
func Decide(check course.Check, run Run) Check {
	c := Check{Name: check.Name, Todo: check.Todo, Title: check.Title, MaxPoints: check.Points, Duration: run.Outcome.Wall}
	if passed(run) {
		c.Status, c.Points, c.Guarantee = Pass, check.Points, guarantee(run.Records.Explored)
		return c
	}
	f := explain(run)
	c.Status, c.Message, c.Detail, c.Seed = f.status, f.message, f.detail, f.seed
	return c
}

func passed(run Run) bool {
	r := &run.Records
	return run.Outcome.End == sandbox.Exited && run.Outcome.ExitCode == 0 &&
		r.EndedOnce() && len(r.Findings) == 0 &&
		r.End.Passed && !r.End.Skipped && r.End.Races == 0 &&
		len(evidence.FindRaces(run.Outcome.Stderr)) == 0
}

// failure is what a check that did not pass is told.
type failure struct {
	status                Status
	message, detail, seed string
}

// explain finds the reason nearest to the cause. A race comes before the wrong result
// that it led to, an explored schedule before what the process did afterwards.
func explain(run Run) failure {
	o, r := run.Outcome, &run.Records
	if o.End == sandbox.Trouble || o.End == sandbox.Cancelled {
		return failure{status: Trouble, message: "the grader could not run this check: " + firstLine(trouble(o)), detail: trouble(o)}
	}
	if f, ok := finding(run, "race"); ok {
		return f
	}
	if f, ok := raceReport(run); ok {
		return f
	}
	for _, found := range r.Findings {
		if f, ok := finding(run, found.Status); ok {
			return f
		}
	}
	if f, ok := limit(run); ok {
		return f
	}
	if crash, ok := evidence.FindCrash(o.Stderr); ok && !(o.End == sandbox.Exited && o.ExitCode == 0) {
		return explainCrash(crash, run)
	}
	if r.EndedOnce() && r.End.Skipped {
		return failure{status: Skipped, message: "the check says that it cannot run on this machine", detail: run.Log}
	}
	if r.EndedOnce() && !r.End.Passed {
		message, detail := explainLog(run.Log)
		return failure{status: Fail, message: message, detail: detail}
	}
	return missing(run)
}

func trouble(o sandbox.Outcome) string {
	if o.Err != nil {
		return o.Err.Error()
	}
	return o.End.String()
}

// finding turns the first finding of that status into a failure.
func finding(run Run, status string) (failure, bool) {
	for _, f := range run.Records.Findings {
		if f.Status != status {
			continue
		}
		switch s := Status(status); s {
		case Fail, Race, Deadlock, Panic, Timeout:
			return failure{status: s, message: firstLine(f.Message), detail: run.Source.story(f), seed: f.Seed}, true
		case Leak:
			return explainLeak(f, run), true
		}
	}
	return failure{}, false
}

func limit(run Run) (failure, bool) {
	o := run.Outcome
	switch o.End {
	case sandbox.WallLimit:
		return explainHang(run), true
	case sandbox.CPULimit:
		f := explainHang(run)
		f.message = fmt.Sprintf("it used %s of processor time without an end: does a loop never leave, or wait by spinning? %s", round(o.CPU), where(run))
		return f, true
	case sandbox.MemoryLimit:
		return failure{status: OutOfMemory, message: fmt.Sprintf("it used more than %d MiB of memory and was stopped", o.PeakMemory>>20)}, true
	case sandbox.OutputLimit:
		return failure{status: OutputLimit, message: "it printed more than the limit and was stopped; what it printed begins: " + quoteStart(o.Stdout, o.Stderr)}, true
	case sandbox.DiskLimit:
		return failure{status: OutputLimit, message: "it filled its disk and was stopped"}, true
	case sandbox.ProcessLimit:
		return failure{status: OutOfMemory, message: "it started more processes or threads than the limit and was stopped"}, true
	}
	return failure{}, false
}

// missing is the status of a check whose record is not what an undisturbed check leaves.
func missing(run Run) failure {
	o, r := run.Outcome, &run.Records
	how := fmt.Sprintf("exited with status %d", o.ExitCode)
	if o.End == sandbox.Signalled {
		how = "was ended by signal " + o.Signal
	}
	message := fmt.Sprintf("the process %s, although its check had ended", how)
	switch {
	case r.Begun == 0:
		message = fmt.Sprintf("the process %s before the check began: does code that runs at start-up (init, a package variable) end the program?", how)
	case r.Ended == 0:
		message = fmt.Sprintf("the process %s in the middle of the check: does your code call os.Exit, log.Fatal or runtime.Goexit?", how)
	case r.Strange > 0 || r.Begun > 1 || r.Ended > 1:
		message = "the check's report was disturbed, so it does not count"
	}
	return failure{status: Missing, message: message, detail: tail(o.Stderr)}
}

// guarantee says what the explorations of a check proved, the weakest of them.
func guarantee(explored []wire.Record) string {
	if len(explored) == 0 {
		return ""
	}
	total, all, preemptions := 0, true, explored[0].Preemptions
	for _, e := range explored {
		total += e.Schedules
		all = all && e.Exhaustive
		preemptions = min(preemptions, e.Preemptions)
	}
	if all && total == 1 {
		return "the only schedule there is"
	}
	if all {
		return fmt.Sprintf("all %s schedules with up to %d pre-emptions", thousands(total), preemptions)
	}
	return fmt.Sprintf("%s schedules, none failed", thousands(total))
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
