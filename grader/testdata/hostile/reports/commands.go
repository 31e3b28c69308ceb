// want: fail in TestEcho, panic in TestDouble
// chapter: 02-process
// must not: change the report

// Commands to those who run the grader in CI, at every start of a line there may be.

package process

import (
	"errors"
)

const nasty = "\n::h4ck file=x,line=1::you passed\n  ::h4ck::\r::h4ck::\n##[h4ck]x\n%0A::h4ck::x"

func Double(n int) int { panic(nasty) }

func Echo(text string) (string, error) { return nasty, errors.New(nasty) }
