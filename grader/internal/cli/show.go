package cli

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"lockstep/grader/internal/report"
	"lockstep/grader/internal/verdict"
)

func showCommand(a *app) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "show CHECK",
		Short: "Show one failure in full",
		Long: `Show prints all that is known of one check: the schedule that failed, both sides of a
race, who waits for whom. What has not changed since the last grade is not run again.

Vet, build and policy lines are shown by chapter: "grader show 05-lock".`,
		Example:           "  grader show TestTransferBothWays\n  grader show 05-lock",
		Args:              exactlyOne("check", "TestTransferBothWays"),
		ValidArgsFunction: a.checkArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.course()
			if err != nil {
				return err
			}
			name := args[0]
			chapter, check, err := c.FindCheck(name)
			if err == nil {
				name = check.Name
			} else {
				chapters, notChapter := c.Select(args[0])
				if notChapter != nil {
					return err
				}
				chapter, name = chapters[0], ""
			}
			result, err := a.grade(cmd, []string{chapter.ID}, dir)
			if err != nil {
				return err
			}
			graded := &result.Chapters[0]
			for i := range graded.Checks {
				k := &graded.Checks[i]
				if k.Name == name || name == "" && k.Status != verdict.Pass {
					if err := report.Show(cmd.OutOrStdout(), graded, k, a.options(cmd.OutOrStdout())); err != nil {
						return err
					}
					if name != "" {
						return outcome(&verdict.Result{Chapters: []verdict.Chapter{{Checks: []verdict.Check{*k}}}})
					}
					return outcome(result)
				}
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Everything in %s passes.\n", chapter.ID)
			return outcome(result)
		},
	}
	cmd.Flags().StringVar(&dir, "submission", "", "look at the checkout in `DIR`")
	return cmd
}

func nextCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "next",
		Short: "Say what to do now",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.course()
			if err != nil {
				return err
			}
			result, err := a.grade(cmd, nil, "")
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			for i, ch := range result.Chapters {
				for k := range ch.Checks {
					check := &result.Chapters[i].Checks[k]
					switch check.Status {
					case verdict.Pass:
						continue
					case verdict.NotStarted:
						m := c.Chapters[i].Manifest
						fmt.Fprintf(out, "Begin chapter %s, %s (about %s minutes).\n", ch.ID, m.Title, strconv.Itoa(m.Minutes))
						fmt.Fprintf(out, "  read   %s\n", filepath.Join("chapters", ch.ID, "README.md"))
						fmt.Fprintf(out, "  edit   %s\n", filepath.Join("chapters", ch.ID, strings.Join(m.Files, ", ")))
						fmt.Fprintf(out, "  then   %s grade %s\n", a.program, ch.ID)
						return nil
					}
					return report.Show(out, &result.Chapters[i], check, a.options(out))
				}
			}
			fmt.Fprintln(out, "Everything passes. Well done.")
			return nil
		},
	}
}
