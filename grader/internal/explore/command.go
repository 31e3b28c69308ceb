package explore

import "github.com/spf13/cobra"

// Command returns the command `explore`. It calls exit with the code when something was
// found but nothing went wrong; an error it returns is an *Error, or cobra's own, which
// is one of Usage.
func Command(exit func(code int)) *cobra.Command {
	var o Options
	cmd := &cobra.Command{
		Use:   "explore PKG",
		Short: "explore the schedules of any package's tests",
		Long: `Explore runs each test of a package, anywhere, under many schedules of its goroutines
and shows the first that fails. The package's files are not touched.

A test's whole body is explored; in a test with subtests, each subtest's. A body should
make everything anew and keep to a few goroutines.

Exit status: 0 none failed, 1 a schedule failed, 2 usage, 3 something could not be explored.`,
		Args:         cobra.ExactArgs(1),
		SilenceUsage: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Package = args[0]
			code, err := Run(cmd.Context(), o, cmd.OutOrStdout())
			if err != nil {
				return &Error{Code: code, Err: err}
			}
			if code != OK {
				exit(code)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&o.Run, "run", "", "only tests whose names match this regular `expression`")
	cmd.Flags().StringVar(&o.Seed, "seed", "", "replay the schedule of this `seed`")
	cmd.Flags().IntVar(&o.Schedules, "schedules", 0, "random schedules after the exhaustive search (0: the usual number)")
	cmd.Flags().DurationVar(&o.Timeout, "timeout", 0, "real time for one test (0: 10m)")
	cmd.Flags().BoolVar(&o.JSON, "json", false, "print the result as JSON")
	return cmd
}

// Error is an error with the exit code it stands for.
type Error struct {
	Code int
	Err  error
}

func (e *Error) Error() string { return e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }
