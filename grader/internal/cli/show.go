package cli

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"lockstep/grader/interleave/seed"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/report"
	"lockstep/grader/internal/submission"
	"lockstep/grader/internal/verdict"
)

func showCommand(a *app) *cobra.Command {
	var dir, schedule string
	cmd := &cobra.Command{
		Use:   "show CHECK",
		Short: "Show one failure in full",
		Long: `Show prints all that is known of one check: the schedule that failed, both sides of a
race, who waits for whom. What has not changed since the last grade is not run again.

Vet, build and policy lines are shown by chapter: "grader show 05-lock".`,
		Example:           "  grader show TestTransferNeverDeadlocks\n  grader show 11/TestRun\n  grader show 05-lock",
		Args:              exactlyOne("check", "TestTransferNeverDeadlocks"),
		ValidArgsFunction: a.checkArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.course()
			if err != nil {
				return err
			}
			id, err := chapterOf(c, args[0])
			if err != nil {
				return err
			}
			var result *verdict.Result
			if schedule != "" {
				result, err = a.replay(cmd, c, id, args[0], dir, schedule)
			} else {
				result, err = a.grade(cmd, []string{id}, dir)
			}
			if err != nil {
				return err
			}
			return show(result, args[0], cmd.OutOrStdout(), a.options(cmd.OutOrStdout()))
		},
	}
	cmd.Flags().StringVar(&dir, "submission", "", "look at the checkout in `DIR`")
	cmd.Flags().StringVar(&schedule, "seed", "", "run the schedule that `SEED` names, and no other")
	return cmd
}

// chapterOf returns the chapter that a name is about: a check's, or the one that it
// names, alone or before a slash ("05/vet").
func chapterOf(c *course.Course, name string) (string, error) {
	ch, _, notCheck := c.FindCheck(name)
	if notCheck == nil {
		return ch.ID, nil
	}
	if errors.As(notCheck, new(*course.AmbiguousError)) {
		return "", notCheck
	}
	before, _, _ := strings.Cut(name, "/")
	chapters, err := c.Select(before)
	if err != nil {
		return "", notCheck
	}
	return chapters[0].ID, nil
}

// replay runs one check under the schedule of a seed.
func (a *app) replay(cmd *cobra.Command, c *course.Course, id, name, dir, text string) (*verdict.Result, error) {
	chapters, err := c.Select(id)
	if err != nil {
		return nil, err
	}
	_, check, err := c.FindCheck(name)
	if err != nil {
		return nil, err
	}
	recipe, err := seed.Parse(text)
	if err != nil {
		return nil, &usageError{fmt.Errorf("--seed %s: %w", text, err), "copy it whole, from what `" + a.program + " show " + check.Name + "` prints"}
	}
	if recipe.Test != seed.Test(check.Name) {
		return nil, &usageError{fmt.Errorf("--seed %s is not a schedule of %s", text, check.Name), "name the check that it was printed for"}
	}
	if dir == "" {
		dir = c.Dir
	}
	work, err := submission.Read(dir, &chapters[0])
	if err != nil {
		return nil, err
	}
	g, end, err := a.grader(cmd.Context(), c, cmd.ErrOrStderr())
	if err != nil {
		return nil, err
	}
	defer end()
	replayed := g.Replay(cmd.Context(), &chapters[0], work, check.Name, text)
	return &verdict.Result{Course: course.Name, Chapters: []verdict.Chapter{replayed}}, cmd.Context().Err()
}

// show writes one check of a result of one chapter; of the whole chapter, the first
// that does not pass.
func show(r *verdict.Result, name string, w io.Writer, o report.Options) error {
	ch := &r.Chapters[0]
	name = name[strings.LastIndexByte(name, '/')+1:]
	_, check := report.Find(r, name)
	if check == nil {
		_, check = report.Find(r, "Test"+name)
	}
	if check == nil {
		_, check = report.Next(r)
	}
	if check == nil {
		fmt.Fprintf(w, "Everything in %s passes.\n", ch.ID)
		return nil
	}
	if first := &ch.Checks[0]; first.Todo == "" && first.Status == check.Status {
		check = first // what keeps them all from running
	}
	if err := report.Show(w, ch, check, o); err != nil {
		return err
	}
	return outcome(&verdict.Result{Chapters: []verdict.Chapter{{Checks: []verdict.Check{*check}}}})
}

func nextCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "next",
		Short: "Say what to do now",
		Args:  noArguments,
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
			ch, check := report.Next(result)
			if check == nil {
				fmt.Fprintln(out, "Everything passes. Well done.")
				return nil
			}
			if check.Status != verdict.NotStarted {
				return report.Show(out, ch, check, a.options(out))
			}
			begun, err := c.Select(ch.ID)
			if err != nil {
				return err
			}
			m := begun[0].Manifest
			fmt.Fprintf(out, "Begin chapter %s, %s (about %d minutes).\n", ch.ID, m.Title, m.Minutes)
			fmt.Fprintf(out, "  read   %s\n", filepath.Join("chapters", ch.ID, "README.md"))
			fmt.Fprintf(out, "  edit   %s\n", filepath.Join("chapters", ch.ID, strings.Join(m.Files, ", ")))
			fmt.Fprintf(out, "  then   %s grade %s\n", a.program, ch.ID)
			return nil
		},
	}
}
