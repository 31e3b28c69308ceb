package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"lockstep/grader/internal/cache"
	"lockstep/grader/internal/hints"
)

// seen is how many levels of a TODO's hints the reader of a checkout has been shown.
type seen struct{ Levels int }

func hintCommand(a *app) *cobra.Command {
	var level int
	cmd := &cobra.Command{
		Use:   "hint TODO",
		Short: "Show the next hint for a TODO",
		Long: `Hint shows one hint at a time: first a nudge, then the tool to use, then the shape of
the answer. It remembers, for this checkout, how far you are.`,
		Example:           "  grader hint 5.2\n  grader hint 5.2 --level 1",
		Args:              exactlyOne("TODO number", "5.2"),
		ValidArgsFunction: a.todoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.course()
			if err != nil {
				return err
			}
			todo := args[0]
			if strings.Contains(todo, ".") {
				todo = strings.TrimLeft(todo, "0")
			}
			ch, err := c.FindTodo(todo)
			if err != nil {
				return err
			}
			data, err := os.ReadFile(filepath.Join(c.Root, ch.Folder, "hints.md"))
			if errors.Is(err, fs.ErrNotExist) {
				return &usageError{fmt.Errorf("%s has no hints", ch.ID), "its notes may help: " + ch.Folder + "/README.md"}
			} else if err != nil {
				return err
			}
			all, err := hints.Parse(data)
			if err != nil {
				return fmt.Errorf("chapters/%s/hints.md: %w", ch.ID, err)
			}
			levels, ok := all[todo]
			if !ok {
				return &usageError{fmt.Errorf("there are no hints for %s", todo), "its notes may help: " + ch.Folder + "/README.md"}
			}
			if level < 0 || level > len(levels) {
				return &usageError{fmt.Errorf("there is no level %d", level), fmt.Sprintf("the levels are 1 to %d", len(levels))}
			}
			store, err := cache.Open()
			if err != nil {
				return err
			}
			key := cache.NewKey("hint", c.Dir, todo).Sum()
			var before seen
			store.Get("hints", key, &before)
			if level == 0 {
				level = min(before.Levels+1, len(levels))
			}
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "Hint %d of %d for TODO %s: %s\n\n%s\n\n", level, len(levels), todo, hints.Levels[level-1], levels[level-1])
			if level < len(levels) {
				fmt.Fprintf(out, "Still stuck? `%s hint %s` again shows the next one.\n", a.program, todo)
			} else {
				fmt.Fprintf(out, "That was the last one. `%s show` a failing check to see what happens", a.program)
				if bytes.Contains(data, []byte("\n|")) {
					fmt.Fprintf(out, ";\nthe table at the end of %s says what messages mean", filepath.Join(ch.Folder, "hints.md"))
				}
				fmt.Fprintln(out, ".")
			}
			return store.Put("hints", key, seen{max(before.Levels, level)})
		},
	}
	cmd.Flags().IntVar(&level, "level", 0, "show this level, 1 to 3, again or at once")
	return cmd
}
