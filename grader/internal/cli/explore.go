package cli

import (
	"github.com/spf13/cobra"

	"lockstep/grader/internal/explore"
)

func exploreCommand(*app) *cobra.Command {
	var o explore.Options
	cmd := &cobra.Command{
		Use:   "explore PKG",
		Short: "Explore the schedules of any package's tests",
		Long: `Explore runs each test of a package, anywhere, under many schedules of its goroutines
and shows the first that fails. The package's files are not touched.

A test's whole body is explored; in a test with subtests, each subtest's. A body should
make everything anew and keep to a few goroutines.

Exit status: 0 none failed, 1 a schedule failed, 2 usage, 3 something could not be explored.`,
		Example: "  grader explore ./queue --run TestPut\n  grader explore ./queue --run TestPut --seed aeapxiybaiau4oy",
		Args:    exactlyOne("package", "./queue"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Package = args[0]
			code, err := explore.Run(cmd.Context(), o, cmd.OutOrStdout())
			switch {
			case err != nil && code == explore.Usage:
				return &usageError{err, "`" + cmd.CommandPath() + " --help` says what it takes"}
			case err != nil:
				return err
			case code == explore.Failed:
				return errNotOK
			case code != explore.OK:
				return errTrouble
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Run, "run", "", "only tests whose names match this regular `expression`")
	flags.StringVar(&o.Seed, "seed", "", "replay the schedule of this `seed`")
	flags.IntVar(&o.Schedules, "schedules", 0, "random schedules after the exhaustive search (0: the usual number)")
	flags.DurationVar(&o.Timeout, "timeout", 0, "real time for one test (0: 10m)")
	flags.BoolVar(&o.JSON, "json", false, "print the result as JSON")
	return cmd
}
