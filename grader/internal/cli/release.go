package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"lockstep/grader/internal/release"
)

func releaseCommand(a *app) *cobra.Command {
	var o release.Options
	cmd := &cobra.Command{
		Use:   "release DIR",
		Short: "Write the student edition of the course",
		Long: `Release writes what students get: the chapters as they are handed out, without
solutions and wrong answers, the grader, and a workflow for GitHub that grades every
push. Hidden tests are hidden from the build, not from readers: --without-hidden leaves
them out, and then only you can grade. DIR must be empty.`,
		Example: "  grader release ../lockstep-students\n  grader release ../lockstep-students --without-hidden",
		Args:    exactlyOne("folder", "../lockstep-students"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.course()
			if err != nil {
				return err
			}
			if _, err := c.Select(); err != nil {
				return err
			}
			switch err := release.Write(c, args[0], o); {
			case errors.Is(err, release.ErrNotEmpty):
				return &usageError{err, "name a folder that is empty or not there yet"}
			case err != nil:
				return &troubleError{fmt.Errorf("the student edition cannot be written: %w", err), "remove what was begun of it and try again"}
			}
			fmt.Fprintf(cmd.OutOrStdout(), "The student edition is in %s: %d chapters%s.\nMake it a repository of its own, for example a template for GitHub Classroom:\n  git -C %s init\n",
				args[0], len(c.Chapters), map[bool]string{true: ", without hidden tests"}[o.WithoutHidden], args[0])
			return nil
		},
	}
	cmd.Flags().BoolVar(&o.WithoutHidden, "without-hidden", false, "leave the hidden tests out")
	return cmd
}
