package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func listCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:               "list [chapter ...]",
		Short:             "List chapters, their checks and points",
		ValidArgsFunction: a.chapterArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.course()
			if err != nil {
				return err
			}
			chapters, err := c.Select(args...)
			if err != nil {
				return err
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			for _, ch := range chapters {
				fmt.Fprintf(w, "%s\t%s\t%d min\t%d points\n", ch.ID, ch.Manifest.Title, ch.Manifest.Minutes, ch.MaxPoints())
				if len(args) == 0 {
					continue
				}
				for _, k := range ch.Checks {
					fmt.Fprintf(w, "  %s\t%s\tTODO %s\t%d\n", k.Name, k.Title, k.Todo, k.Points)
				}
			}
			return w.Flush()
		},
	}
}

func versionCommand(*app) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the grader's version",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			version := "(unversioned)"
			if info, ok := debug.ReadBuildInfo(); ok {
				for _, s := range info.Settings {
					if s.Key == "vcs.revision" {
						version = s.Value[:min(12, len(s.Value))]
					}
				}
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "lockstep grader %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
