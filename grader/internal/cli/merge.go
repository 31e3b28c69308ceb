package cli

import (
	"errors"

	"github.com/spf13/cobra"

	"lockstep/grader/internal/class"
)

func mergeCommand(a *app) *cobra.Command {
	var to string
	var names []string
	cmd := &cobra.Command{
		Use:   "merge DIR ... --out DIR",
		Short: "Join the results of a class's shards",
		Long: `Merge joins what several runs of ` + "`class`" + ` wrote, the shards of one class for example, and
writes the reports of the whole. It refuses results of different courses, chapters,
checks or deadlines, and two results of one student that contradict each other. Who has
no result in any of them is named.

Exit status: 0 everybody has a result without trouble, 2 they do not belong together, 3
somebody is missing or could not be graded.`,
		Example: "  grader class forks/ --out part1/ --shard 1/2\n  grader class forks/ --out part2/ --shard 2/2\n  grader merge part1/ part2/ --out grades/",
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return &usageError{errors.New("merge takes the folders with the results to join"), "for example `" + cmd.CommandPath() + " part1/ part2/ --out grades/`"}
			case to == "":
				return &usageError{errors.New("merge needs a folder to write to"), "say it with --out DIR"}
			}
			formats, err := formatsOf(names)
			if err != nil {
				return err
			}
			for _, dir := range args {
				if err := apart(to, dir); err != nil {
					return err
				}
			}
			out, run, err := class.Merge(args, to)
			if err != nil {
				return told(err)
			}
			defer out.Close()
			sum, err := a.publish(cmd.OutOrStdout(), out, run, to, formats)
			if err == nil && len(sum.Missing) > 0 {
				return errTrouble
			}
			return err
		},
	}
	cmd.Flags().StringVar(&to, "out", "", "write the joined results to `DIR`")
	a.formatFlag(cmd, &names)
	must(cmd.MarkFlagDirname("out"))
	return cmd
}
