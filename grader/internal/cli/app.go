package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"lockstep/grader/internal/cache"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/gotest"
	"lockstep/grader/internal/pipeline"
	"lockstep/grader/internal/report"
	"lockstep/grader/internal/sandbox"
)

// app is what the flags that all commands share say.
type app struct {
	program   string // how the reader starts the grader
	courseDir string
	sandbox   string
	jobs      int
}

// course loads the course that the command is about.
func (a *app) course() (*course.Course, error) {
	dir := a.courseDir
	if dir == "" {
		var err error
		if dir, err = course.Find("."); err != nil {
			return nil, err
		}
	}
	return course.Load(dir)
}

// grader returns a grader for c and what ends its use.
func (a *app) grader(ctx context.Context, c *course.Course, stderr io.Writer) (*pipeline.Grader, func(), error) {
	return a.graderTelling(ctx, c, newProgress(stderr))
}

// graderTelling is grader with the progress that is told.
func (a *app) graderTelling(ctx context.Context, c *course.Course, progress *progress) (*pipeline.Grader, func(), error) {
	box, err := sandbox.Open(a.sandbox)
	if err != nil {
		return nil, nil, &usageError{err, "`" + a.program + " doctor` says what this machine lacks; --sandbox none does without"}
	}
	store, err := cache.Open()
	if err != nil {
		return nil, nil, err
	}
	tools, err := gotest.Open(ctx, store.Dir())
	if err != nil {
		return nil, nil, err
	}
	work, remove, err := store.WorkDir()
	if err != nil {
		return nil, nil, err
	}
	jobs := a.jobs
	if jobs <= 0 {
		jobs = runtime.NumCPU()
	}
	end := func() {
		progress.clear()
		remove()
	}
	return pipeline.New(c, tools, box, store, work, jobs, progress), end, nil
}

// options are the report options for what w is.
func (a *app) options(w io.Writer) report.Options {
	f, ok := w.(*os.File)
	if !ok || !isTerminal(f) {
		return report.Options{Command: a.program, Width: columns(nil)}
	}
	return report.Options{Command: a.program, Color: colourful(), Width: columns(f)}
}

// colourful reports whether a terminal's user wants colour (https://no-color.org).
func colourful() bool { return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" }

// chapterArgs completes the names of chapters.
func (a *app) chapterArgs(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	c, err := a.course()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var ids []string
	for _, ch := range c.Chapters {
		ids = append(ids, ch.ID+"\t"+ch.Manifest.Title)
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

// checkArgs completes the names of checks.
func (a *app) checkArgs(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	c, err := a.course()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for _, ch := range c.Chapters {
		for _, k := range ch.Checks {
			names = append(names, k.Name+"\t"+k.Title)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// todoArgs completes the numbers of TODOs.
func (a *app) todoArgs(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	c, err := a.course()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var todos []string
	for _, ch := range c.Chapters {
		for _, k := range ch.Checks {
			todos = append(todos, k.Todo)
		}
	}
	return todos, cobra.ShellCompDirectiveNoFileComp
}

// noArguments is cobra.NoArgs with a next step.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return &usageError{fmt.Errorf("%s takes no arguments, and there is %q", cmd.Name(), args[0]), "`" + cmd.CommandPath() + " --help` says what it takes"}
}

// exactlyOne is cobra.ExactArgs(1) with a next step.
func exactlyOne(what, example string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return &usageError{fmt.Errorf("%s takes one %s", cmd.Name(), what), "for example `" + cmd.CommandPath() + " " + example + "`"}
	}
}
