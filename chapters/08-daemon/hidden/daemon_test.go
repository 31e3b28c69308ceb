//go:build grade

package hidden

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

// TestMain is the entry of two programs: of the tests, and of the daemon that
// TestProcess starts and sends signals to.
func TestMain(m *testing.M) {
	if role := os.Getenv(roleVar); role != "" {
		os.Exit(play(role))
	}
	exam.Main(m)
}

var (
	background = context.Background()
	errDown    = errors.New("the disk is full")
)

const (
	second = time.Second
	tenth  = second / 10
	hour   = 3600 * second
	age    = 10_000 * hour // longer than anybody makes up a limit for
)

// few is for scenarios in which little happens at the same time: it hardly matters who goes first.
var few = []interleave.Option{interleave.Schedules(20), interleave.Budget(50)}

// diary notes what happens, and when, in seconds since it was opened. Time is virtual.
type diary struct {
	opened  time.Time
	mu      sync.Mutex
	entries []string
}

func open() *diary { return &diary{opened: time.Now()} }

// now returns the time, "1.5s".
func (d *diary) now() string { return time.Since(d.opened).String() }

// note enters the time and what happened.
func (d *diary) note(what ...string) {
	entry := d.now()
	for _, word := range what {
		if quoted := strconv.Quote(word); word == "" || quoted != `"`+word+`"` {
			word = quoted
		}
		entry += " " + word
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.entries = append(d.entries, entry)
}

// String returns all entries, `1s a b "", 2s c`.
func (d *diary) String() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.entries) == 0 {
		return "none"
	}
	return strings.Join(d.entries, ", ")
}

// writes returns a write that notes what it is given.
func (d *diary) writes() func(lines []string) {
	return func(lines []string) {
		if len(lines) == 0 {
			d.note("(no line)")
			return
		}
		d.note(lines...)
	}
}

// slowly returns a write that takes so long, and notes when it begins and when it ends.
func (d *diary) slowly(takes time.Duration) func(lines []string) {
	return func(lines []string) {
		d.note(append([]string{"begins"}, lines...)...)
		time.Sleep(takes)
		d.note(append([]string{"ends"}, lines...)...)
	}
}

// closed waits until done is closed. If that takes an hour it fails the test.
func closed(t *testing.T, done <-chan struct{}, when string) bool {
	select {
	case <-done:
		return true
	case <-time.After(time.Hour):
		t.Errorf("the channel of Heartbeat is still open after an hour, want it closed: %s", when)
		return false
	}
}

// asked waits until ctx ends. If that takes an hour it fails the test.
func asked(t *testing.T, ctx context.Context, when string) bool {
	select {
	case <-ctx.Done():
		return true
	case <-time.After(time.Hour):
		t.Errorf("serve's ctx has not ended after an hour, want it to end: %s", when)
		return false
	}
}

// add adds a line that f must take.
func add(t *testing.T, f interface{ Add(string) error }, line string) {
	t.Helper()
	exam.Error(t, fmt.Sprintf("Add(%q)", line), f.Add(line), nil, "Stop has not been called")
}

// odd has lines that are lines like all others: empty ones, some that are the same, and
// some with what people put between lines.
var odd = [][]string{{"", "x"}, {"x", ""}, {""}, {"x", "x", "y", "x"}, {"x\ny", " z\n", "\x00,"}}

// entry is how a diary has the lines.
func entry(lines []string) string {
	var d diary
	d.note(lines...)
	_, words, _ := strings.Cut(d.entries[0], " ")
	return words
}

// box keeps the lines that were written.
type box struct {
	mu    sync.Mutex
	lines []string
}

func (b *box) write(lines []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, lines...)
}

// of returns the lines that begin with prefix, in the order in which they were written.
func (b *box) of(prefix string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []string
	for _, line := range b.lines {
		if strings.HasPrefix(line, prefix) {
			found = append(found, line)
		}
	}
	return strings.Join(found, " ")
}
