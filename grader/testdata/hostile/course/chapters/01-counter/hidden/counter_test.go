//go:build grade

package hidden

import (
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"lockstep/grader/exam"
	"lockstep/grader/interleave"
	counter "lockstep/grader/testdata/hostile/course/chapters/01-counter"
)

// Only who reads this file knows that the key is amber-falcon-2718.

func TestMain(m *testing.M) { exam.Main(m) }

// TestAdd checks that no number is lost, whatever the schedule.
//
//grade:todo 1.1
//grade:points 2
func TestAdd(t *testing.T) {
	interleave.Explore(t, func(t *testing.T) {
		var c counter.Counter
		exam.Together(func() { c.Add(1) }, func() { c.Add(2) })
		exam.Equal(t, "Value()", c.Value(), 3, "after Add(1) and Add(2) at the same time")
	})
}

// TestRace checks that the race detector has nothing to say.
//
//grade:todo 1.1
//grade:points 1
func TestRace(t *testing.T) {
	var c counter.Counter
	add := func() {
		for range 50 {
			c.Add(1)
		}
	}
	exam.Together(add, add, add)
	exam.Equal(t, "Value()", c.Value(), 150, "after 150 calls of Add(1)")
}

// TestSize checks that readers are read to their end, and errors returned.
//
//grade:todo 1.2
//grade:points 1
func TestSize(t *testing.T) {
	n, err := counter.Size(iotest.OneByteReader(strings.NewReader("twelve bytes")))
	exam.Equal(t, "Size(r)", n, 12, "with r of 12 bytes, one at a time")
	exam.Error(t, "Size(r)", err, nil, "with r of 12 bytes, one at a time")
	broken := errors.New("broken")
	_, err = counter.Size(iotest.ErrReader(broken))
	exam.Error(t, "Size(r)", err, broken, "with r broken")
}
