package class

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"lockstep/grader/internal/report"
)

// Merge joins the results of the runs in dirs, shards of one class or parts of it, into
// the folder out. It refuses results of different courses, checks or deadlines, and two
// different results for one student. It holds one student at a time.
func Merge(dirs []string, out string) (*Out, *Run, error) {
	run, owners, err := joined(dirs)
	if err != nil {
		return nil, nil, err
	}
	o, err := OpenOut(out, run)
	if err != nil {
		return nil, nil, err
	}
	err = o.putRun(run)
	for _, id := range run.Students {
		if err == nil {
			err = o.join(id, dirs, owners[id])
		}
	}
	if err != nil {
		o.Close()
		return nil, nil, err
	}
	return o, run, nil
}

// joined is the run that the runs in dirs are parts of, and for each student the dirs
// that have a result. Nothing has been written when it fails.
func joined(dirs []string) (*Run, map[string][]int, error) {
	var run *Run
	owners := map[string][]int{}
	for i, dir := range dirs {
		part, err := ReadRun(dir)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, nil, &UsageError{dir + " holds no results of a class", "give the folders that `class --out` wrote"}
		case err != nil:
			return nil, nil, &UsageError{fmt.Sprintf("%s: %v", dir, err), "grade this part again"}
		}
		for _, id := range part.Students {
			if exists(dir, id) {
				owners[id] = append(owners[id], i)
			}
		}
		if run == nil {
			run = part
			run.Shard = ""
			continue
		}
		if what := run.same(part); what != "" {
			return nil, nil, &UsageError{fmt.Sprintf("%s and %s do not belong together: %s", dirs[0], dir, what), "grade all parts with the same course, chapters and --before"}
		}
		run.Private = run.Private || part.Private
		run.Students = union(run.Students, part.Students)
		run.Lines = union(run.Lines, part.Lines)
	}
	return run, owners, nil
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// join writes the result of a student that some of dirs have. One that could not be
// graded in one part and could in another is graded.
func (o *Out) join(id string, dirs []string, owners []int) error {
	var best *report.Member
	from := ""
	for _, i := range owners {
		m, err := readMember(dirs[i], id)
		if err != nil {
			return &UsageError{err.Error(), "grade this student again, with --only " + id}
		}
		switch {
		case best == nil || best.Trouble != "" && m.Trouble == "":
			best, from = m, dirs[i]
		case m.Trouble == "":
			if what := contradiction(best, m); what != "" {
				return &UsageError{fmt.Sprintf("%s and %s contradict each other on %s: %s", from, dirs[i], id, what), "keep the right one: remove the other's " + resultFile(id)}
			}
		}
	}
	if best == nil {
		return nil // not graded yet; Publish says so
	}
	return o.put(best)
}

// contradiction says how two results of a student differ, "" for not at all. What a
// check's message says may differ from run to run, what it got may not.
func contradiction(a, b *report.Member) string {
	if a.Result.Submission.Commit != b.Result.Submission.Commit {
		return "they are of different commits"
	}
	if !reflect.DeepEqual(a.Content, b.Content) {
		return "they are of different files"
	}
	if len(a.Result.Chapters) != len(b.Result.Chapters) {
		return "they are of different chapters"
	}
	for i, ch := range a.Result.Chapters {
		for j, k := range ch.Checks {
			other := b.Result.Chapters[i].Checks
			if len(other) <= j || other[j].Name != k.Name || other[j].Status != k.Status || other[j].Points != k.Points {
				return strings.TrimSpace(ch.ID + " " + k.Name)
			}
		}
	}
	return ""
}
