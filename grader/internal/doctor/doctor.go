// Package doctor says what this machine gives a grader and what it lacks, and how to get it.
//
// It works in two steps: look gathers facts, and touches the machine; judge turns facts
// into findings, and is pure, so that the advice for machines one does not have is tested.
package doctor

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// State is how a finding stands. The zero value is invalid.
type State int

// The states.
const (
	OK      State = iota + 1 // there, and works
	Weak                     // works, but protects less than it could
	Missing                  // not there, or does not work
)

// String returns "ok", "weak" or "missing".
func (s State) String() string {
	switch s {
	case OK:
		return "ok"
	case Weak:
		return "weak"
	case Missing:
		return "missing"
	}
	return "invalid"
}

// Finding is what is known of one thing that grading needs or is safer with.
type Finding struct {
	Name   string // "Go", "sandbox"
	State  State
	Needed bool   // whether nothing can be graded without it
	What   string // one line: what was found
	Next   string // what to do, in one or more lines; empty when there is nothing to do
}

// Examine looks at the machine, which takes up to a few seconds, and leaves nothing
// behind. It is safe for concurrent use.
func Examine(ctx context.Context) []Finding { return judge(look(ctx)) }

// Write prints the findings as plain text and a last line that sums them up.
func Write(w io.Writer, findings []Finding) error {
	width := 0
	for _, f := range findings {
		width = max(width, len(f.Name))
	}
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%-8s %-*s  %s\n", f.State, width, f.Name, f.What)
		for line := range strings.Lines(f.Next) {
			fmt.Fprintf(&b, "%-8s %-*s  %s\n", "", width, "", "  "+strings.TrimRight(line, "\n"))
		}
	}
	b.WriteString("\n" + summary(findings) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// Able reports whether the machine can grade at all, and whether it can grade other
// people's work: a class run needs the sandbox.
func Able(findings []Finding) (own, class bool) {
	own, class = true, true
	for _, f := range findings {
		if f.State == Missing && f.Needed {
			own, class = false, false
		}
		if f.State == Missing && f.Name == sandboxName {
			class = false
		}
	}
	return own, class
}

func summary(findings []Finding) string {
	switch own, class := Able(findings); {
	case !own:
		return "This machine cannot grade yet: see what is missing above."
	case !class:
		return "This machine can grade your own work. It should not run anyone else's: there is no sandbox."
	}
	return "This machine can grade your own work and other people's."
}
