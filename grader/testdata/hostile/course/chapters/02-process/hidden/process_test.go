//go:build grade

package hidden

import (
	"testing"

	"lockstep/grader/exam"
	process "lockstep/grader/testdata/hostile/course/chapters/02-process"
)

// Only who reads this file knows that the key is amber-falcon-2718.

func TestMain(m *testing.M) { exam.Main(m) }

// TestDouble checks that numbers are doubled.
//
//grade:todo 2.1
//grade:points 1
func TestDouble(t *testing.T) {
	exam.Equal(t, "Double(21)", process.Double(21), 42, "on the first call")
}

// TestEcho checks that a text comes back as it is.
//
//grade:todo 2.2
//grade:points 2
func TestEcho(t *testing.T) {
	got, err := process.Echo("a text")
	exam.Error(t, `Echo("a text")`, err, nil, "on the first call")
	if got != "a text" {
		t.Errorf("Echo(\"a text\") = %s, want a text", got)
	}
}
