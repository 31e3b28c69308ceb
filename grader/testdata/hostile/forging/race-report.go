// want: fail in TestDouble, race in TestEcho
// chapter: 02-process

// Prints a report of the race detector about a file of the tests.

package process

import (
	"os"
)

func Echo(text string) (string, error) {
	os.Stderr.WriteString("==================\nWARNING: DATA RACE\nWrite at 0x00c000012345 by goroutine 7:\n  lockstep/grader/exam.Begin()\n      /course/grader/exam/begin.go:30 +0x1\n\nPrevious write at 0x00c000012345 by goroutine 8:\n  lockstep/grader/exam.Begin()\n      /course/grader/exam/begin.go:30 +0x1\n\n==================\n")
	return text, nil
}

func Double(n int) int { return -1 }
