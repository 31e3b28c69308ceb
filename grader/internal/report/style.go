package report

import (
	"github.com/fatih/color"

	"lockstep/grader/internal/verdict"
)

// palette paints text, or leaves it alone. It never looks at the terminal or at the
// color package's global switch: the caller has decided.
type palette struct{ on bool }

func (p palette) paint(s string, attributes ...color.Attribute) string {
	if !p.on || s == "" || len(attributes) == 0 {
		return s
	}
	c := color.New(attributes...)
	c.EnableColor()
	return c.Sprint(s)
}

func (p palette) bold(s string) string  { return p.paint(s, color.Bold) }
func (p palette) faint(s string) string { return p.paint(s, color.Faint) }
func (p palette) cyan(s string) string  { return p.paint(s, color.FgCyan) }

// look is how a status is drawn. The mark differs where the colour does, so that
// nothing is told by colour alone.
type look struct {
	mark  string
	color []color.Attribute
}

func lookOf(s verdict.Status) look {
	switch s {
	case verdict.Pass:
		return look{"✓", []color.Attribute{color.FgGreen}}
	case verdict.NotStarted, verdict.Todo:
		return look{"○", []color.Attribute{color.Faint}}
	case verdict.Skipped:
		return look{"-", []color.Attribute{color.Faint}}
	case verdict.Vet, verdict.Missing:
		return look{"!", []color.Attribute{color.FgYellow}}
	case verdict.Trouble:
		return look{"?", []color.Attribute{color.FgMagenta}}
	}
	return look{"✗", []color.Attribute{color.FgRed}}
}

// advice is what to say about a check when its message is empty.
func advice(s verdict.Status) string {
	switch s {
	case verdict.NotStarted:
		return "the file is still as you got it"
	case verdict.Todo:
		return "this TODO is still open"
	case verdict.Fail:
		return "a wrong result"
	case verdict.Race:
		return "two goroutines use the same variable, one of them writes, and nothing orders them"
	case verdict.Deadlock:
		return "goroutines wait for each other for ever"
	case verdict.Leak:
		return "something it started is still running at the end"
	case verdict.Panic:
		return "the code panicked"
	case verdict.Timeout:
		return "it did not end within its time limit"
	case verdict.Vet:
		return "go vet has a finding"
	case verdict.BuildFailed:
		return "the chapter does not compile"
	case verdict.Rejected:
		return "the chapter does not allow something the code uses"
	case verdict.OutOfMemory:
		return "it used more memory than its limit"
	case verdict.OutputLimit:
		return "it printed more than its limit"
	case verdict.Skipped:
		return "waits for a check that it needs"
	case verdict.Missing:
		return "the run ended without a result for this check: does something end the program early?"
	case verdict.Trouble:
		return "the grader could not tell"
	}
	return ""
}

// troubleNote goes wherever the grader could not tell.
const troubleNote = "Not your fault: the grader had trouble here, and your mark is not lowered."
