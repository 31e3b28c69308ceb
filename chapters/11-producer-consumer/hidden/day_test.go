//go:build grade

package hidden

import (
	"fmt"
	"strings"
	"time"

	"lockstep/grader/interleave"
)

var (
	// few are enough where all schedules with up to two pre-emptions are run besides.
	few = interleave.Schedules(100)
	// crowd is for scenarios with so many goroutines that there is no end of schedules.
	crowd = []interleave.Option{interleave.Budget(700), interleave.Schedules(600)}
)

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
