package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"lockstep/grader/internal/atomicfile"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/report"
	"lockstep/grader/internal/verdict"
)

func gradeCommand(a *app) *cobra.Command {
	var dir, format, out string
	cmd := &cobra.Command{
		Use:   "grade [chapter ...]",
		Short: "Grade chapters and print the scorecard",
		Long: `Grade runs the hidden tests of the chapters named, or of all, with the race detector
and prints a scorecard. A chapter is named by its folder, number or word: 05-lock, 5, lock.

Exit status: 0 everything passed, 1 something did not, 2 the command line is wrong,
3 the grader had trouble (which never lowers a mark).`,
		Example:           "  grader grade\n  grader grade 5 --format json --out result.json\n  grader grade --submission ../ada --sandbox bwrap",
		ValidArgsFunction: a.chapterArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			f, ok := report.Lookup(format)
			if !ok {
				return &usageError{fmt.Errorf("there is no format %q", format), "the formats are " + formatNames()}
			}
			if err := writable(out); err != nil {
				return err
			}
			result, err := a.grade(cmd, args, dir)
			if err != nil {
				return err
			}
			if err := write(cmd.OutOrStdout(), out, func(w io.Writer) error { return f.Write(w, result, a.options(w)) }); err != nil {
				return &troubleError{fmt.Errorf("the result cannot be written: %w", err), "what was graded is kept: run it again, and only the writing is done again"}
			}
			return outcome(result)
		},
	}
	cmd.Flags().StringVar(&dir, "submission", "", "grade the checkout in `DIR` against this course's tests (default: the course itself)")
	cmd.Flags().StringVar(&format, "format", "text", "what to write: "+formatNames())
	cmd.Flags().StringVar(&out, "out", "", "write to `FILE`, not to standard output")
	must(cmd.MarkFlagDirname("submission"))
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(strings.Split(formatNames(), ", "), cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

func formatNames() string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// grade grades the chapters named in the checkout in dir, "" for the course's own.
func (a *app) grade(cmd *cobra.Command, names []string, dir string) (*verdict.Result, error) {
	c, err := a.course()
	if err != nil {
		return nil, err
	}
	chapters, err := c.Select(names...)
	if err != nil {
		return nil, err
	}
	chapters, without := course.Checked(chapters)
	if len(without) > 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), unchecked(without))
	}
	if len(chapters) == 0 {
		return nil, errNotOK
	}
	if dir == "" {
		dir = c.Dir
	} else if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, &usageError{fmt.Errorf("--submission %s is not a folder", dir), "give the folder that holds the student's chapters/"}
	}
	g, end, err := a.grader(cmd.Context(), c, cmd.ErrOrStderr())
	if err != nil {
		return nil, err
	}
	defer end()
	return g.Grade(cmd.Context(), chapters, dir)
}

// unchecked says that chapters come without checks.
func unchecked(chapters []course.Chapter) string {
	what, have := chapters[0].ID, "has no checks"
	if len(chapters) > 1 {
		what, have = fmt.Sprintf("%d chapters (%s to %s)", len(chapters), what, chapters[len(chapters)-1].ID), "have no checks"
	}
	return fmt.Sprintf("grader: %s %s in this edition of the course: who teaches it grades them; `go test ./chapters/...` runs the examples", what, have)
}

// writable finds out, before minutes of work, that a file cannot be written.
func writable(out string) error {
	if out == "" {
		return nil
	}
	info, err := os.Stat(out)
	switch {
	case err == nil && info.IsDir():
		return &usageError{fmt.Errorf("--out %s is a folder", out), "name a file in it"}
	case err == nil && !info.Mode().IsRegular():
		return nil // /dev/null is written to, not replaced
	}
	f, err := os.CreateTemp(filepath.Dir(out), ".grader-*")
	if err != nil {
		return &usageError{fmt.Errorf("--out %s cannot be written: %w", out, errors.Unwrap(err)), "name a file in a folder that is there and yours to write"}
	}
	f.Close()
	return os.Remove(f.Name())
}

// write calls fill with standard output, or with the file out, which is replaced as a
// whole or not at all.
func write(stdout io.Writer, out string, fill func(io.Writer) error) error {
	if out == "" {
		return fill(stdout)
	}
	return atomicfile.Write(out, fill)
}

// outcome turns a result into the command's: trouble before what did not pass.
func outcome(r *verdict.Result) error {
	var err error
	for _, c := range r.Chapters {
		if len(c.Checks) == 0 {
			return errTrouble // a chapter of which nothing is known has not passed
		}
		for _, k := range c.Checks {
			switch k.Status {
			case verdict.Pass:
			case verdict.Trouble:
				return errTrouble
			default:
				err = errNotOK
			}
		}
	}
	return err
}
