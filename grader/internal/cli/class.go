package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"lockstep/grader/internal/class"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/pipeline"
	"lockstep/grader/internal/report"
	"lockstep/grader/internal/report/sanitize"
	"lockstep/grader/internal/submission"
	"lockstep/grader/internal/verdict"
)

// classFlags are what `grader class` is told.
type classFlags struct {
	out, repos, before, branch, private, shard string
	only, chapters, formats                    []string
	retry                                      bool
}

func classCommand(a *app) *cobra.Command {
	var f classFlags
	cmd := &cobra.Command{
		Use:   "class SOURCE --out DIR",
		Short: "Grade many submissions",
		Long: `Class grades the submissions of a class. SOURCE is one of

  a folder with a checkout, bare repository or archive for each student, named by id
  a roster (CSV), with the columns id,repo[,branch] or those of GitHub Classroom
    (identifier,github_username,github_id,name; --repos says where the repositories are)
  an archive (zip, tar, tar.gz) of such a folder, as learning platforms export it

Of a repository the last commit of its branch is graded, of any other folder its files.
What is equal is graded once, what is finished is kept: run it again after an
interruption, and it goes on where it was.

DIR gets grades.csv, index.html (a page for the class, and one for each student),
junit.xml, summary.md (a job summary for GitHub Actions) and results/ID.json; --format
adds what other tools read, gradescope/ID.json for one. A result that the grader could not tell is an empty
cell, never a zero.

--before takes the last commit before a deadline. It trusts the dates that commits bear,
and whoever makes a commit can choose its date: a repository does not record when
something was pushed. Commits in an impossible order are flagged.

--private DIR adds tests of your own, DIR/05-lock/*_test.go, to the hidden ones. Late
days, dropped scores and weights are not done here: they belong to the gradebook.

Exit status: 0 everybody could be graded (whatever the grades), 2 the command line is
wrong, 3 somebody could not, or the grader had trouble, 130 interrupted.`,
		Example: "  grader class forks/ --out grades/\n" +
			"  grader class roster.csv --repos 'https://github.com/ORG/lockstep-{username}' --out grades/ --before '2026-11-30 23:59'\n" +
			"  grader class forks/ --out grades/ --only ada,ben --chapters 5",
		Args: exactlyOne("source", "forks/ --out grades/"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.class(cmd, args[0], f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "", "write the results to `DIR`")
	flags.StringVar(&f.repos, "repos", "", "where a roster's repositories are: a folder of clones, or an `ADDRESS` with {username} or {id} in it")
	flags.StringVar(&f.before, "before", "", "grade the last commit dated before `TIME`: '2026-11-30 23:59' here, or 2026-11-30T23:59:00Z")
	flags.StringVar(&f.branch, "branch", "", "grade the branch `NAME` (default: each repository's main branch)")
	flags.StringSliceVar(&f.only, "only", nil, "grade these students alone, by `ID`")
	flags.StringSliceVar(&f.chapters, "chapters", nil, "grade these `CHAPTERS` alone")
	flags.BoolVar(&f.retry, "retry-trouble", false, "grade again those who could not be graded, or not in full")
	flags.StringVar(&f.private, "private", "", "add the tests in `DIR`, your own, to the hidden ones")
	flags.StringVar(&f.shard, "shard", "", "grade one part of the class: the second of four is 2/4; `grader merge` joins them")
	a.formatFlag(cmd, &f.formats)
	for _, name := range []string{"out", "private"} {
		must(cmd.MarkFlagDirname(name))
	}
	must(cmd.RegisterFlagCompletionFunc("chapters", a.chapterArgs))
	return cmd
}

func (a *app) class(cmd *cobra.Command, source string, f classFlags) error {
	if f.out == "" {
		return &usageError{errors.New("class needs a folder to write to"), "say it with --out DIR"}
	}
	if err := apart(f.out, source); err != nil {
		return err
	}
	formats, err := formatsOf(f.formats)
	if err != nil {
		return err
	}
	o := class.Options{Branch: f.branch, Only: f.only, RetryTrouble: f.retry}
	if o.Before, err = deadline(f.before); err != nil {
		return err
	}
	if o.Shard, err = class.ParseShard(f.shard); err != nil {
		return &usageError{err, "the shards of a class are 1/n to n/n"}
	}
	c, err := a.course()
	if err != nil {
		return err
	}
	chapters, err := c.Select(f.chapters...)
	if err != nil {
		return err
	}
	if f.private != "" {
		if err := c.AddPrivate(chapters, f.private); err != nil {
			return &usageError{fmt.Errorf("--private: %w", err), "it should have a folder for each chapter with tests of yours, like 05-lock/mine_test.go"}
		}
	}
	stderr := cmd.ErrOrStderr()
	progress := newProgress(stderr)
	g, end, err := a.graderTelling(cmd.Context(), c, progress)
	if err != nil {
		return err
	}
	defer end()
	if err := a.confined(g, stderr); err != nil {
		return err
	}
	if err := compiles(cmd.Context(), g, chapters); err != nil {
		return err
	}
	s, err := class.OpenSource(source, f.repos, g.Work, class.Wanted(chapters))
	if err != nil {
		return told(err)
	}
	run, err := class.NewRun(c, chapters, s, o.Before, o.Shard)
	if err != nil {
		return err
	}
	out, err := class.OpenOut(f.out, run)
	if err != nil {
		return told(err)
	}
	defer out.Close()
	o.Jobs, o.Sandbox, o.Tell = g.Jobs(), g.Box.Name(), newClassProgress(progress)
	if err := class.Grade(cmd.Context(), g, chapters, s, run, out, o); err != nil {
		return told(err)
	}
	progress.clear()
	_, err = a.publish(cmd.OutOrStdout(), out, run, f.out, formats)
	return err
}

// publish writes the reports and says how it went.
func (a *app) publish(w io.Writer, out *class.Out, run *class.Run, dir string, formats []report.Format) (*class.Summary, error) {
	sum, err := class.Publish(out, run, formats...)
	if err != nil {
		return nil, told(err)
	}
	if err := sum.Class.Text(w, a.options(w)); err != nil {
		return nil, err
	}
	for _, line := range run.Lines {
		fmt.Fprintf(w, "left out: %s\n", sanitize.Line(line, sanitize.MaxMessage))
	}
	if n := len(sum.Missing); n > 0 {
		fmt.Fprintf(w, "%d without a result: %s\n", n, some(sum.Missing))
	}
	if sum.Strays > 0 {
		fmt.Fprintf(w, "%d results in %s are of students who are not in this class: they are in no report\n", sum.Strays, dir)
	}
	fmt.Fprintf(w, "%s has the class, %s the gradebook.\n", filepath.Join(dir, "index.html"), filepath.Join(dir, "grades.csv"))
	if sum.Troubled+len(run.Lines) > 0 {
		return sum, errTrouble
	}
	return sum, nil
}

// formatFlag lets a command write each student's result in other formats, too.
func (a *app) formatFlag(cmd *cobra.Command, to *[]string) {
	cmd.Flags().StringSliceVar(to, "format", nil, "also write each student's result as `FORMATS`, to DIR/FORMAT/: "+formatNames())
	must(cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(strings.Split(formatNames(), ", "), cobra.ShellCompDirectiveNoFileComp)))
}

func formatsOf(names []string) ([]report.Format, error) {
	var out []report.Format
	for _, name := range names {
		f, ok := report.Lookup(name)
		if !ok {
			return nil, &usageError{fmt.Errorf("there is no format %q", name), "the formats are " + formatNames()}
		}
		out = append(out, f)
	}
	return out, nil
}

// some is the beginning of a list.
func some(ids []string) string {
	const most = 10
	if len(ids) <= most {
		return strings.Join(ids, ", ")
	}
	return strings.Join(ids[:most], ", ") + ", ..."
}

// told gives the errors of package class their next step.
func told(err error) error {
	var usage *class.UsageError
	var out *class.OutError
	switch {
	case errors.As(err, &usage):
		return &usageError{err, usage.Next}
	case errors.As(err, &out):
		return &troubleError{err, out.Next}
	}
	return err
}

// confined refuses to run other people's code without a sandbox, unless told to.
func (a *app) confined(g *pipeline.Grader, stderr io.Writer) error {
	switch {
	case g.Box.Name() != "none":
		return nil
	case a.sandbox != "none":
		return &usageError{
			errors.New("nothing confines here what is graded, and a class is other people's code: it could read and change\n" +
				"  your files, the hidden tests, other students' work and grades, and use your network"),
			"`" + a.program + " doctor` says what is missing; --sandbox none grades all the same",
		}
	}
	fmt.Fprintln(stderr, "grader: without a sandbox: what is graded can read and change what you can, grades included")
	return nil
}

// compiles proves that private tests compile with the chapter as it was handed out: what
// is the matter with them must not look like a student's mistake.
func compiles(ctx context.Context, g *pipeline.Grader, chapters []course.Chapter) error {
	for i := range chapters {
		ch := &chapters[i]
		if len(ch.Private) == 0 {
			continue
		}
		built := g.Build(ctx, ch, submission.Work{Files: ch.Skeleton})
		got := built.Run(ctx, pipeline.RunOptions{Only: []string{}})
		built.Remove()
		if err := cmp.Or(ctx.Err(), g.Lack()); err != nil {
			return err
		}
		if got.Status != verdict.ChapterGraded {
			return &usageError{fmt.Errorf("--private: %s: %s", ch.ID, got.Checks[0].Message), "private tests are files of package hidden, as the chapter's own are: " + ch.Folder + "/hidden"}
		}
	}
	return nil
}

// apart refuses results among the submissions, where the next run would take them for one.
func apart(out, source string) error {
	o, err1 := filepath.Abs(out)
	s, err2 := filepath.Abs(source)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	if below, err := filepath.Rel(s, o); err == nil && below != ".." && !strings.HasPrefix(below, ".."+string(filepath.Separator)) {
		return &usageError{fmt.Errorf("--out %s is inside of %s", out, source), "name a folder elsewhere: results are no submissions"}
	}
	return nil
}

// deadline reads --before.
func deadline(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05"} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &usageError{fmt.Errorf("--before %q is no time", s), "for example '2026-11-30 23:59', in this machine's time zone, or 2026-11-30T23:59:00Z"}
}
