// Package explore is `grader explore`: it explores the schedules of any package's
// tests, in any module, without touching a file there.
//
// The package, the packages of its module that it imports, and their tests are
// rewritten through an overlay. The body of every Test function becomes the body of an
// interleave.Explore, except where it calls Explore itself. Each test then runs in a
// process of its own.
package explore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"
)

// Exit codes of the command.
const (
	OK      = 0 // every test was explored, or skipped itself, and none failed
	Failed  = 1 // a schedule of a test failed
	Usage   = 2 // the command line is wrong
	Trouble = 3 // a test could not be explored
)

// Options is what the command line says.
type Options struct {
	Package   string        // as go list takes it
	Run       string        // regular expression of test names; empty: all
	Seed      string        // a schedule to replay instead of exploring
	Schedules int           // random schedules after the exhaustive search; 0: the usual number
	Timeout   time.Duration // of one test, in real time; 0: ten minutes
	JSON      bool          // print a Report as JSON
	Dir       string        // where Package is resolved; empty: the working directory
}

// Run explores and prints to stdout what was found. The error belongs to Usage and
// Trouble; the caller prints it. Tests run one after the other until ctx ends.
func Run(ctx context.Context, o Options, stdout io.Writer) (code int, err error) {
	pattern, err := regexp.Compile(o.Run)
	if err != nil {
		return Usage, fmt.Errorf("--run: %w", err)
	}
	work, err := os.MkdirTemp("", "lockstep-explore-")
	if err != nil {
		return Trouble, err
	}
	defer os.RemoveAll(work)

	t, err := load(ctx, o)
	if err != nil {
		return Trouble, err
	}
	built, err := t.build(ctx, o, work)
	if err != nil {
		return Trouble, err
	}
	var names []string
	for _, name := range built.tests {
		if pattern.MatchString(name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return Usage, errors.New("no test of " + t.Path + " matches")
	}
	report := Report{Format: 1, Package: t.Path}
	for _, name := range names {
		result, err := built.run(ctx, name, o)
		if err != nil {
			return Trouble, err
		}
		report.Tests = append(report.Tests, result)
		if !o.JSON {
			result.print(stdout)
		}
	}
	if o.JSON {
		if err := report.writeJSON(stdout); err != nil {
			return Trouble, err
		}
	}
	return report.code(), nil
}
