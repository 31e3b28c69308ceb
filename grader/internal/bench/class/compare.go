package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"lockstep/grader/internal/report"
	"lockstep/grader/internal/synthetic"
	"lockstep/grader/internal/verdict"
)

// verdictsOf are the statuses of a submission's checks, by "chapter/check".
type verdictsOf map[string]verdict.Status

// verdicts reads what a class was given, by student.
func verdicts(out string) (map[string]verdictsOf, error) {
	files, err := filepath.Glob(filepath.Join(out, "results", "*.json"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no results in %s", out)
	}
	all := map[string]verdictsOf{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		m, err := report.ReadMember(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all[m.ID] = statuses(m.Result)
	}
	return all, nil
}

func statuses(r *verdict.Result) verdictsOf {
	v := verdictsOf{}
	if r == nil {
		return v
	}
	for _, c := range r.Chapters {
		for _, k := range c.Checks {
			v[c.ID+"/"+k.Name] = k.Status
		}
	}
	return v
}

// passed reports whether everything in a chapter passes.
func (v verdictsOf) passed(chapter string) bool {
	any := false
	for name, s := range v {
		if filepath.Dir(name) == chapter {
			if s != verdict.Pass {
				return false
			}
			any = true
		}
	}
	return any
}

// differences lists where two gradings differ.
func differences(id string, a, b verdictsOf) (out []string) {
	for name, s := range a {
		if b[name] != s {
			out = append(out, fmt.Sprintf("%s %s: %s and %q", id, name, s, b[name]))
		}
	}
	for name, s := range b {
		if _, ok := a[name]; !ok {
			out = append(out, fmt.Sprintf("%s %s: nothing and %s", id, name, s))
		}
	}
	slices.Sort(out)
	return out
}

// compare holds the class's verdicts against the second run's, those of forks graded
// alone, and what the plain loop says. A difference is an error.
func (b *bench) compare(first, second map[string]verdictsOf, p *plainResult, made []synthetic.Fork, dir string) error {
	var differ []string
	for id := range first {
		differ = append(differ, differences(id, first[id], second[id])...)
	}
	if len(second) != len(first) {
		differ = append(differ, fmt.Sprintf("%d students and %d", len(first), len(second)))
	}
	n := min(*alone, len(made))
	if err := b.forget(); err != nil {
		return err
	}
	for i := range n {
		f := made[i*len(made)/n]
		progress("alone: %d of %d", i+1, n)
		v, err := b.gradeAlone(filepath.Join(dir, "forks", f.ID))
		if err != nil {
			return err
		}
		differ = append(differ, differences(f.ID, first[f.ID], v)...)
	}
	progress("")
	fmt.Printf("  verdicts: both runs of %d students and %d students graded alone; %d differ\n", len(first), n, len(differ))
	p.compare(first)
	if len(differ) > 0 {
		for _, d := range differ {
			fmt.Println("  " + d)
		}
		return errors.New("verdicts differ")
	}
	return nil
}

// compare tells where the plain loop and the grader do not agree on a chapter. It is no
// error: the plain loop takes one schedule of many, and may run into its time-out.
func (p *plainResult) compare(graded map[string]verdictsOf) {
	more := 0
	var less []string
	for _, key := range sorted(p.passed) {
		class := graded[key[0]].passed(key[1])
		switch {
		case class && !p.passed[key]:
			less = append(less, fmt.Sprintf("%s %s: %s", key[0], key[1], p.work[key]))
		case !class && p.passed[key]:
			more++
		}
	}
	fmt.Printf("  of %d chapters that the plain loop ran, it passes %d that the grader fails, and fails %d that the grader passes\n", len(p.passed), more, len(less))
	for _, l := range less {
		fmt.Println("    " + l)
	}
	fmt.Println()
}

func (b *bench) gradeAlone(fork string) (verdictsOf, error) {
	cmd := exec.CommandContext(b.ctx, b.grader, "grade", "--submission", fork, "--format", "json")
	cmd.Env = append(os.Environ(), "LOCKSTEP_CACHE="+b.cache())
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	r, err := report.Decode(bytes.NewReader(out))
	if err != nil {
		return nil, fmt.Errorf("%s alone: %w", fork, err)
	}
	return statuses(r), nil
}
