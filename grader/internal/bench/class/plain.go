package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"lockstep/grader/internal/synthetic"
)

// plainResult is what the plain loop took and said.
type plainResult struct {
	total  time.Duration
	how    string               // measured, or estimated from what
	passed map[[2]string]bool   // by fork and chapter, those that were run
	work   map[[2]string]string // what was handed in there
}

// plainRun is one turn of the plain loop.
type plainRun struct{ fork, chapter, work string }

// plainLoop times `for each fork, for each chapter, go test -race`. Of a large class it
// runs a sample: of the untouched chapters, which fail at once, and of the others each
// their share.
func (b *bench) plainLoop(made []synthetic.Fork, graded map[string]verdictsOf, dir string) (*plainResult, error) {
	strata := map[string][]plainRun{}
	hostile := 0
	for _, f := range made {
		for _, ch := range b.course.Chapters {
			r := plainRun{f.ID, ch.ID, f.Work[ch.ID]}
			switch {
			case strings.HasPrefix(r.work, "hostile"):
				hostile++ // nothing would confine it
			case r.work == "skeleton":
				strata["untouched"] = append(strata["untouched"], r)
			default:
				strata["begun"] = append(strata["begun"], r)
			}
		}
	}
	all := len(strata["untouched"]) + len(strata["begun"])
	out := &plainResult{passed: map[[2]string]bool{}, work: map[[2]string]string{}}
	random := rand.New(rand.NewPCG(*seed, 0))
	ran, slow := 0, 0
	for _, name := range []string{"begun", "untouched"} {
		runs := strata[name]
		if len(runs) == 0 {
			continue
		}
		sample := len(runs)
		if *plain > 0 {
			sample = min(sample, max(*plain*len(runs)/all, 5))
		}
		random.Shuffle(len(runs), func(i, j int) { runs[i], runs[j] = runs[j], runs[i] })
		var took time.Duration
		for i, r := range runs[:sample] {
			progress("plain loop: %s chapters, %d of %d", name, i+1, sample)
			p, err := b.plainTest(r.chapter, filepath.Join(dir, r.fork))
			if err != nil {
				return nil, err
			}
			took += p.took
			if p.took >= *patience {
				slow++
			}
			key := [2]string{r.fork, r.chapter}
			out.passed[key], out.work[key] = p.passed, r.work
		}
		ran += sample
		out.total += time.Duration(float64(took) / float64(sample) * float64(len(runs)))
	}
	progress("")
	out.how = fmt.Sprintf("all %d runs were made", all)
	if ran < all {
		out.how = fmt.Sprintf("estimated: %d of %d runs were made, drawn by lot", ran, all)
	}
	if hostile > 0 {
		out.how += fmt.Sprintf("; %d hostile ones are never run, and count nothing", hostile)
	}
	if slow > 0 {
		out.how += fmt.Sprintf("; %d were ended after %s", slow, *patience)
	}
	return out, nil
}

type plainTest struct {
	took   time.Duration
	passed bool
}

// plainTest is one turn: `go test -race` of a chapter's hidden tests with a fork's answer.
func (b *bench) plainTest(chapter, fork string) (plainTest, error) {
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for _, name := range b.files(chapter) {
		overlay.Replace[filepath.Join(b.course.Dir, name)] = filepath.Join(fork, name)
	}
	data, err := json.Marshal(overlay)
	if err != nil {
		return plainTest{}, err
	}
	name := filepath.Join(b.work, "overlay.json")
	if err := os.WriteFile(name, data, 0o644); err != nil {
		return plainTest{}, err
	}
	cmd := exec.CommandContext(b.ctx, "go", "test", "-race", "-count=1", "-tags", "grade", "-timeout", patience.String(), "-overlay", name, "./chapters/"+chapter+"/hidden")
	cmd.Dir = b.course.Dir
	start := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(start)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) || b.ctx.Err() != nil {
		return plainTest{}, fmt.Errorf("go test: %w\n%s", errors.Join(err, b.ctx.Err()), out)
	}
	return plainTest{took, err == nil}, nil
}

// progress writes a line over the last one, on a terminal.
func progress(format string, args ...any) {
	if info, err := os.Stderr.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return
	}
	fmt.Fprintf(os.Stderr, "\r\x1b[K"+format, args...)
}

// sorted are a map's keys in order.
func sorted[V any](m map[[2]string]V) [][2]string {
	var keys [][2]string
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return keys
}
