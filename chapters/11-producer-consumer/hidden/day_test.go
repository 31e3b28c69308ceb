//go:build grade

package hidden

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lockstep/grader/exam"
	"lockstep/grader/interleave"
)

var (
	// few are enough where all schedules with up to two pre-emptions are run besides.
	few = interleave.Schedules(100)
	// crowd is for scenarios with so many goroutines that there is no end of schedules.
	crowd = []interleave.Option{interleave.Budget(400), interleave.Schedules(300)}
	// clockwork is for tables of scenarios in which the time says who comes when.
	clockwork = []interleave.Option{interleave.Budget(20), interleave.Schedules(20)}
)

// many is how many come when any number may: more than anybody makes up a limit for.
const many = 1100

// beside checks that call takes no time while others of its kind, which take a second, have begun.
func beside(t *testing.T, call string, others []func(), run func()) {
	t.Helper()
	var until string
	exam.Together(append(others, func() {
		settle()
		day := open()
		run()
		until = day.now()
	})...)
	exam.Equal(t, "time that "+call+" takes", until, "0s", "others run at the same time, with channels and functions of their own, and take a second")
}

// A day is a clock that begins at 0s.
type day struct{ begin time.Time }

func open() *day { return &day{time.Now()} }

// now returns the time, rounded: who looks again every millisecond is in time, too.
func (d *day) now() string { return time.Since(d.begin).Round(tenth / 2).String() }

// A book says which batches were written, and when. It is not locked: calls of write must
// not overlap, and must be over when the book is read.
type book struct {
	day
	lines []string
}

func openBook() *book { return &book{day: day{time.Now()}} }

// write writes a batch and spoils the slice, which is the writer's.
func (b *book) write(items []string) error {
	b.lines = append(b.lines, fmt.Sprintf("%s %s", b.now(), list(items)))
	clear(items)
	return nil
}

// slowly is write for somebody who takes his time.
func (b *book) slowly(takes time.Duration) func(items []string) error {
	return func(items []string) error {
		b.write(items)
		time.Sleep(takes)
		return nil
	}
}

func (b *book) String() string {
	if len(b.lines) == 0 {
		return "none"
	}
	return strings.Join(b.lines, ", ")
}
