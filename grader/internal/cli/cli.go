// Package cli is the command line: it turns arguments into calls and errors into exit
// codes, and decides nothing about grades.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"lockstep/grader/internal/course"
	"lockstep/grader/internal/gotest"
)

// The exit codes of every command.
const (
	exitOK       = 0 // everything asked for passed
	exitNotOK    = 1 // something did not pass
	exitUsage    = 2 // the command line is wrong
	exitTrouble  = 3 // the grader had trouble
	exitCanceled = 130
)

// usageError is a mistake on the command line. Next is what to type instead.
type usageError struct {
	err  error
	next string
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// troubleError is the grader's trouble, or the machine's. Next is what can be done.
type troubleError struct {
	err  error
	next string
}

func (e *troubleError) Error() string { return e.err.Error() }
func (e *troubleError) Unwrap() error { return e.err }

// notOK ends a command whose output has said already what did not pass.
var errNotOK = errors.New("something did not pass")

// errTrouble ends a command whose output has told the grader's trouble already.
var errTrouble = errors.New("the grader had trouble")

// Main runs the command line args and returns the exit code. args[0] is the program.
func Main(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot(args[0])
	root.SetArgs(goFlags(args[1:]))
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if ctx.Err() != nil {
		fmt.Fprintln(stderr, "grader: interrupted; what was finished is kept")
		return exitCanceled
	}
	return conclude(err, root.Name(), stderr)
}

// goFlags lets `explore` be told -run as go test is: one dash, several letters.
func goFlags(args []string) []string {
	if len(args) == 0 || args[0] != "explore" {
		return args
	}
	out := slices.Clone(args)
	for i, a := range out {
		if len(a) > 2 && a[0] == '-' && a[1] != '-' {
			out[i] = "-" + a
		}
	}
	return out
}

// conclude prints an error with its next step and returns the exit code it means.
func conclude(err error, program string, stderr io.Writer) int {
	var usage *usageError
	var trouble *troubleError
	var unknown *course.UnknownError
	var ambiguous *course.AmbiguousError
	var setup *gotest.SetupError
	say := func(what error, next string) {
		fmt.Fprintf(stderr, "grader: %v\n", what)
		if next != "" {
			fmt.Fprintf(stderr, "  %s\n", next)
		}
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errNotOK):
		return exitNotOK
	case errors.Is(err, errTrouble):
		return exitTrouble
	case errors.As(err, &usage):
		say(err, usage.next)
		return exitUsage
	case errors.As(err, &unknown):
		next := "`" + program + " list` shows what there is"
		switch unknown.What {
		case "command":
			next = "`" + program + " help` lists the commands"
		case "TODO", "check":
			next = "`" + program + " list CHAPTER` shows what there is"
		}
		say(err, next)
		return exitUsage
	case errors.As(err, &ambiguous):
		say(err, "say which: `"+program+" show "+strings.Join(ambiguous.Checks, "`, `"+program+" show ")+"`")
		return exitUsage
	case errors.Is(err, course.ErrNoCourse):
		say(err, "run it inside a clone of the course, or say where one is with --course DIR")
		return exitUsage
	case errors.As(err, &setup):
		say(err, "") // it brings its next step along
		return exitTrouble
	case errors.As(err, &trouble):
		say(err, trouble.next)
		return exitTrouble
	}
	say(err, "nothing was changed; `"+program+" doctor` looks at the machine")
	return exitTrouble
}

func newRoot(program string) *cobra.Command {
	if !strings.Contains(program, "/") {
		program = "grader"
	}
	a := &app{program: program}
	root := &cobra.Command{
		Use:           program,
		Short:         "Grade the exercises of a course on concurrency in Go",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          knownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{err, "`" + cmd.CommandPath() + " --help` lists the flags"}
	})
	flags := root.PersistentFlags()
	flags.StringVar(&a.courseDir, "course", "", "the course's folder (default: the one around the working directory)")
	flags.StringVar(&a.sandbox, "sandbox", "auto", "how to confine what is graded: auto, bwrap or none")
	flags.IntVar(&a.jobs, "jobs", 0, "builds and checks at a time (default: one per core)")
	must(root.MarkPersistentFlagDirname("course"))
	must(root.RegisterFlagCompletionFunc("sandbox", cobra.FixedCompletions([]string{"auto", "bwrap", "none"}, cobra.ShellCompDirectiveNoFileComp)))
	root.AddCommand(
		gradeCommand(a), showCommand(a), nextCommand(a), hintCommand(a), resetCommand(a), solutionCommand(a),
		listCommand(a), classCommand(a), mergeCommand(a), releaseCommand(a), checkCommand(a), exploreCommand(a), doctorCommand(a), versionCommand(a),
	)
	return root
}

// knownCommand refuses what is no command.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return &course.UnknownError{What: "command", Name: args[0], Nearest: course.Nearest(args[0], names)}
}

// must is for mistakes in this package's own flags.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
