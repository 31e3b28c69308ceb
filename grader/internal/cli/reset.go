package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"lockstep/grader/internal/course"
	"lockstep/grader/internal/verdict"
)

// backups is where reset keeps what it replaces, below the course's folder.
const backups = ".lockstep/backups"

func resetCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:               "reset CHAPTER",
		Short:             "Go back to a chapter's skeleton, with a backup of your version",
		Example:           "  grader reset 5",
		Args:              exactlyOne("chapter", "5"),
		ValidArgsFunction: a.chapterArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.course()
			if err != nil {
				return err
			}
			chapters, err := c.Select(args[0])
			if err != nil {
				return err
			}
			return reset(c.Root, &chapters[0], time.Now(), cmd.OutOrStdout())
		},
	}
}

// reset puts the skeleton's files back. What they replace is in the backup before the
// first of them is touched.
func reset(dir string, ch *course.Chapter, now time.Time, out io.Writer) error {
	backup := filepath.Join(dir, backups, ch.ID, now.Format("20060102-150405.000"))
	saved := false
	for _, name := range ch.Manifest.Files {
		data, err := os.ReadFile(filepath.Join(dir, ch.Folder, name))
		if errors.Is(err, fs.ErrNotExist) || err == nil && bytes.Equal(data, ch.Skeleton[name]) {
			continue
		}
		if err != nil {
			return err
		}
		if err := os.MkdirAll(backup, 0o755); err != nil {
			return &troubleError{fmt.Errorf("the backup of %s cannot be made: %w", name, err), "nothing was changed; make the folder writable and try again"}
		}
		if err := os.WriteFile(filepath.Join(backup, name), data, 0o644); err != nil {
			return err
		}
		saved = true
	}
	for _, name := range ch.Manifest.Files {
		err := write(nil, filepath.Join(dir, ch.Folder, name), func(w io.Writer) error {
			_, err := w.Write(ch.Skeleton[name])
			return err
		})
		if err != nil {
			return &troubleError{fmt.Errorf("%s cannot be written: %w", name, errors.Unwrap(err)), "your version is as it was; make the folder writable and try again"}
		}
	}
	fmt.Fprintf(out, "%s is the skeleton again.\n", ch.ID)
	if saved {
		shown, err := filepath.Rel(dir, backup)
		if err != nil {
			shown = backup
		}
		fmt.Fprintf(out, "Your version is in %s.\n", shown)
	}
	return nil
}

func solutionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:               "solution CHAPTER",
		Short:             "Print a chapter's reference solution, once you have passed",
		Example:           "  grader solution 5",
		Args:              exactlyOne("chapter", "5"),
		ValidArgsFunction: a.chapterArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.course()
			if err != nil {
				return err
			}
			chapters, err := c.Select(args[0])
			if err != nil {
				return err
			}
			ch := &chapters[0]
			var text bytes.Buffer
			for _, name := range ch.Manifest.Files {
				data, err := os.ReadFile(filepath.Join(c.Dir, "solutions", ch.ID, name))
				if errors.Is(err, fs.ErrNotExist) {
					return &usageError{fmt.Errorf("this edition of the course comes without the solution of %s", ch.ID), "ask who teaches the course"}
				} else if err != nil {
					return err
				}
				text.Write(data)
			}
			result, err := a.grade(cmd, []string{ch.ID}, "")
			if err != nil {
				return err
			}
			passed, checks := 0, 0
			for _, k := range result.Chapters[0].Checks {
				checks++
				if k.Status == verdict.Pass {
					passed++
				}
			}
			if passed < checks {
				fmt.Fprintf(cmd.ErrOrStderr(), "grader: the solution of %s is for those who have passed it; you pass %d of its %d checks\n  `%s next` says what to do now, `%s hint` helps\n",
					ch.ID, passed, checks, a.program, a.program)
				return errNotOK
			}
			_, err = cmd.OutOrStdout().Write(text.Bytes())
			return err
		},
	}
}
