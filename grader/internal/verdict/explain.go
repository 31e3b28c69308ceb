package verdict

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"lockstep/grader/exam/wire"
	"lockstep/grader/internal/evidence"
)

// raceExit is the exit status that the race detector's runtime sets.
const raceExit = 66

// raceReport explains the first report of the race detector.
func raceReport(run Run) (failure, bool) {
	races := evidence.FindRaces(run.Outcome.Stderr)
	if len(races) == 0 {
		if run.Records.End.Races == 0 && run.Outcome.ExitCode != raceExit {
			return failure{}, false
		}
		return failure{status: Race, message: "the race detector counted a race, but its report is missing", detail: tail(run.Outcome.Stderr)}, true
	}
	accesses := races[0].Accesses
	var detail strings.Builder
	var places [2]string
	for i, a := range accesses {
		frame, ok := run.Source.first(a.Stack)
		places[i] = place(frame)
		if !ok {
			places[i] = "code outside your file"
		}
		if ok {
			fmt.Fprintf(&detail, "%s by %s at %s, in %s\n%s", a.Op, a.Goroutine, place(frame), function(frame), run.Source.quote(frame))
		}
		if started, ok := run.Source.first(a.Created); ok {
			fmt.Fprintf(&detail, "    %s was started at %s\n", a.Goroutine, place(started))
		}
	}
	message := fmt.Sprintf("%s %s what %s %s at the same time: no lock or channel orders the two",
		places[0], verb(accesses[0].Op), places[1], verb(accesses[1].Op))
	if places[0] == places[1] {
		message = fmt.Sprintf("two goroutines are at %s at the same time, and no lock or channel orders the two", places[0])
	}
	return failure{status: Race, message: message, detail: detail.String()}, true
}

// verb is what a place does that does op: "writes".
func verb(op string) string {
	switch op {
	case "send":
		return "sends to"
	case "WaitGroup.Add":
		return "adds to"
	case "WaitGroup.Wait":
		return "waits for"
	}
	return strings.TrimPrefix(op, "atomic ") + "s"
}

// explainCrash tells a panic, a deadlock that the runtime saw, and what else ends a process.
func explainCrash(crash evidence.Crash, run Run) failure {
	has := func(s string) bool { return strings.Contains(crash.Reason, s) }
	at := ""
	for _, g := range crash.Goroutines {
		if f, ok := run.Source.first(g.Stack); ok {
			at = " at " + place(f)
			break
		}
	}
	switch {
	case has("unexpected call to os.Exit"):
		return failure{status: Missing, message: "the code ended the program (os.Exit)" + at + ", so the check never ended", detail: dump(crash.Goroutines, run.Source)}
	case has("blocked goroutines remain"):
		return failure{status: Leak, message: "goroutines are still blocked when the check has ended: " + waiting(crash.Goroutines, run.Source), detail: dump(crash.Goroutines, run.Source)}
	case has("deadlock"):
		return failure{status: Deadlock, message: "every goroutine waits for another: " + waiting(crash.Goroutines, run.Source), detail: dump(crash.Goroutines, run.Source)}
	case has("concurrent map"):
		return failure{status: Race, message: "two goroutines use the same map at the same time, one of them to write" + at, detail: dump(crash.Goroutines, run.Source)}
	case has("out of memory"), has("cannot allocate memory"), has("newosproc"):
		return failure{status: OutOfMemory, message: "it asked for more memory or threads than the limit" + at, detail: dump(crash.Goroutines, run.Source)}
	}
	reason := strings.TrimPrefix(strings.TrimPrefix(crash.Reason, "panic: "), "fatal error: ")
	return failure{status: Panic, message: "panic" + at + ": " + firstLine(reason), detail: crash.Reason + "\n" + dump(crash.Goroutines, run.Source)}
}

// explainHang tells what the goroutines were doing when the clock ran out.
func explainHang(run Run) failure {
	gs := evidence.ParseGoroutines(string(run.Outcome.Stderr))
	message := fmt.Sprintf("it did not end within %s", round(run.Outcome.Wall))
	if w := where(run); w != "" {
		message += ": " + w
	}
	return failure{status: Timeout, message: message, detail: dump(gs, run.Source)}
}

// where says what the student's goroutines were doing in the dump of a stopped process.
func where(run Run) string {
	gs := evidence.ParseGoroutines(string(run.Outcome.Stderr))
	for _, g := range gs {
		if g.State == "running" || g.State == "runnable" {
			if f, ok := run.Source.first(g.Stack); ok {
				return "a goroutine is still running at " + place(f)
			}
		}
	}
	return waiting(gs, run.Source)
}

// waiting lists who waits for what, where: the student's goroutines first.
func waiting(gs []evidence.Goroutine, src Source) string {
	const most = 3
	var out []string
	for _, g := range gs {
		f, ok := src.first(g.Stack)
		if !ok {
			continue
		}
		if _, own := src.line(f); own {
			out = append(out, fmt.Sprintf("%s at %s", state(g.State), place(f)))
		}
	}
	switch {
	case len(out) == 0:
		return "no goroutine of your file is waiting"
	case len(out) > most:
		return strings.Join(out[:most], ", ") + fmt.Sprintf(" and %d more", len(out)-most)
	}
	return strings.Join(out, ", ")
}

// state prints the runtime's word for why a goroutine waits.
func state(s string) string {
	s = strings.TrimSuffix(strings.TrimSuffix(s, " (durable)"), " (nil chan)")
	switch s {
	case "semacquire":
		return "WaitGroup.Wait"
	case "chan receive":
		return "a receive"
	case "chan send":
		return "a send"
	}
	return strings.TrimPrefix(s, "sync.")
}

// dump prints a goroutine dump with the student's frames alone.
func dump(gs []evidence.Goroutine, src Source) string {
	var b strings.Builder
	for _, g := range gs {
		f, ok := src.first(g.Stack)
		if !ok || function(f) == "TestMain" {
			continue
		}
		fmt.Fprintf(&b, "goroutine %d [%s] at %s, in %s\n%s", g.ID, g.State, place(f), function(f), src.quote(f))
		if started, ok := src.first(g.Created); ok {
			fmt.Fprintf(&b, "    started at %s\n", place(started))
		}
	}
	return b.String()
}

// explainLeak tells which goroutine was left, blocked where, started where.
func explainLeak(f wire.Record, run Run) failure {
	message, detail := firstLine(f.Message), run.Source.story(f)
	gs := evidence.ParseGoroutines(leakDump(f.Detail))
	if own := dump(gs, run.Source); own != "" && f.Message == "" {
		detail = own
	}
	if f.Message == "" {
		message = "a goroutine is left when the check has ended: " + waiting(gs, run.Source)
	}
	return failure{status: Leak, message: message, detail: detail, seed: f.Seed}
}

var leaked = regexp.MustCompile(`^\[?Goroutine (\d+) in state ([^,]+), with `)

// leakDump turns goleak's message into the runtime's own form.
func leakDump(detail string) string {
	var b strings.Builder
	for line := range strings.Lines(detail) {
		if m := leaked.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			line = fmt.Sprintf("goroutine %s [%s]:\n", m[1], m[2])
		}
		b.WriteString(line)
	}
	return b.String()
}

func round(d time.Duration) time.Duration { return d.Round(100 * time.Millisecond) }
