package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"lockstep/grader/internal/selfcheck"
)

func checkCommand(a *app) *cobra.Command {
	var o selfcheck.Options
	cmd := &cobra.Command{
		Use:   "check [chapter ...]",
		Short: "Let the course grade itself",
		Long: `Check proves what a chapter promises: its skeleton compiles and scores nothing, every
TODO has a check and hints, the reference and the other right answers get full points
with GOMAXPROCS 1, 2 and 8, and every wrong one gets exactly the verdict that its first
line declares. It is for those who write chapters, in an unedited course.

With --repeat N every version is run N times or more. Runs of a wrong one after the first
are of the checks that must catch it. What was as it should be is known from then on, to
the byte and as often: an interrupted check goes on where it was.`,
		Example:           "  grader check\n  grader check 5 --repeat 100",
		ValidArgsFunction: a.chapterArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Repeat < 1 {
				return &usageError{fmt.Errorf("--repeat %d is not a number of times", o.Repeat), "the least is 1"}
			}
			c, err := a.course()
			if err != nil {
				return err
			}
			chapters, err := c.Select(args...)
			if err != nil {
				return err
			}
			if a.jobs <= 0 {
				a.jobs = 2 * runtime.NumCPU() // a check sleeps at its end: there is more to run than cores
			}
			g, end, err := a.grader(cmd.Context(), c, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			defer end()
			r, err := selfcheck.Check(cmd.Context(), g, chapters, o)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			for _, p := range r.Problems {
				fmt.Fprintln(out, p)
			}
			known := ""
			if r.Known > 0 {
				known = fmt.Sprintf(" (%d known from before)", r.Known)
			}
			fmt.Fprintf(out, "%d chapters, %d versions%s, %d runs: %d problems\n", r.Chapters, r.Versions, known, r.Runs, len(r.Problems))
			if len(r.Problems) > 0 {
				return errNotOK
			}
			return nil
		},
	}
	cmd.Flags().IntVar(&o.Repeat, "repeat", 1, "run every version `N` times")
	cmd.Flags().BoolVar(&o.Fresh, "fresh", false, "run what is known from before, too")
	return cmd
}
