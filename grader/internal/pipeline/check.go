package pipeline

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"lockstep/grader/exam/wire"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/evidence"
	"lockstep/grader/internal/sandbox"
	"lockstep/grader/internal/verdict"
)

// Caps on what is kept of the two private pipes of a process, in bytes. The rest is
// read and thrown away, so that a writer never blocks.
const (
	maxRecordBytes = 4 << 20
	maxLogBytes    = 1 << 20
)

// drainTime is how long the pipes are read on after a process has ended: only a
// process that escaped its end could still hold them, and only then does it pass.
const drainTime = 5 * time.Second

// goRace configures the race detector. It must not sleep 0 ms at exit, or it loses the
// races of goroutines that outlive the check; and each schedule of an exploration must
// report, even where an earlier one raced at the same place.
const goRace = "atexit_sleep_ms=10 suppress_equal_stacks=0 suppress_equal_addresses=0"

// defaultLimits bounds one check's process where chapter.yaml says nothing.
var defaultLimits = sandbox.Limits{
	Wall:      30 * time.Second,
	CPU:       30 * time.Second,
	Memory:    1 << 30,
	Output:    1 << 20,
	Processes: 256,
	Disk:      64 << 20,
	Inodes:    1000,
}

func limits(m course.Limits) sandbox.Limits {
	l := defaultLimits
	if m.Wall > 0 {
		l.Wall = m.Wall
	}
	if m.CPU > 0 {
		l.CPU = m.CPU
	}
	if m.Memory > 0 {
		l.Memory = m.Memory << 20
	}
	if m.Output > 0 {
		l.Output = m.Output << 10
	}
	if m.Processes > 0 {
		l.Processes = m.Processes
	}
	return l
}

// run runs one check of a built chapter in a process of its own and decides.
func (b *Built) run(ctx context.Context, check course.Check, o RunOptions) verdict.Check {
	orders := wire.Orders{Key: rand.Text(), Check: check.Name, Seed: o.Seed}
	line, err := openLine(orders)
	if err != nil {
		return verdict.Decide(check, verdict.Run{Outcome: sandbox.Outcome{End: sandbox.Trouble, Err: err}})
	}
	env := []string{
		wire.EnvVar + "=3,4,5",
		"GORACE=" + goRace,
		"GOTRACEBACK=all",
		"TZ=UTC",
	}
	if o.Procs > 0 {
		env = append(env, fmt.Sprintf("GOMAXPROCS=%d", o.Procs))
	}
	outcome := b.grader.Box.Run(ctx, sandbox.Command{
		Path:  b.binary,
		Env:   env,
		Files: line.theirs(),
		Proc:  b.chapter.Manifest.Proc,
	}, limits(b.chapter.Manifest.Limits))
	records, log := line.close()
	return verdict.Decide(check, verdict.Run{
		Outcome: outcome,
		Records: evidence.DecodeRecords(records, orders.Key, check.Name),
		Log:     string(log),
		Source:  verdict.Source{Dir: b.chapter.Folder, Files: b.files, Tests: b.tests},
	})
}

// privateLine is the grader's end of the wire.
type privateLine struct {
	records, log *reader
	orders       *os.File // their end of it; ours is written and closed before they start
}

// openLine makes the three pipes, with the orders already in theirs: they are far
// smaller than a pipe holds, so writing does not block.
func openLine(o wire.Orders) (*privateLine, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	theirs, ours, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	if _, err := ours.Write(text); err != nil {
		return nil, err
	}
	ours.Close()
	l := &privateLine{orders: theirs}
	if l.records, err = newReader(maxRecordBytes); err != nil {
		return nil, err
	}
	if l.log, err = newReader(maxLogBytes); err != nil {
		return nil, err
	}
	return l, nil
}

func (l *privateLine) theirs() []*os.File {
	return []*os.File{l.records.theirs, l.orders, l.log.theirs}
}

// close returns what was written, once the process has ended.
func (l *privateLine) close() (records, log []byte) {
	l.orders.Close()
	return l.records.close(), l.log.close()
}

// reader collects what is written to a pipe, up to a cap.
type reader struct {
	ours, theirs *os.File
	data         []byte
	done         chan struct{}
}

func newReader(most int64) (*reader, error) {
	ours, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	r := &reader{ours: ours, theirs: theirs, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.data, _ = io.ReadAll(io.LimitReader(ours, most))
		io.Copy(io.Discard, ours)
	}()
	return r, nil
}

func (r *reader) close() []byte {
	r.theirs.Close()
	r.ours.SetReadDeadline(time.Now().Add(drainTime))
	<-r.done
	r.ours.Close()
	return r.data
}

// skipped is the verdict of a check that needs others, of which these failed.
func skipped(check course.Check, failed []string) verdict.Check {
	failed = slices.Compact(slices.Sorted(slices.Values(failed))) // a copy: those that need this check ask what it was given
	return verdict.Check{
		Name: check.Name, Todo: check.Todo, Title: check.Title, MaxPoints: check.Points,
		Status:  verdict.Skipped,
		Message: "not run: it needs " + strings.Join(failed, " and ") + " to pass first",
	}
}
