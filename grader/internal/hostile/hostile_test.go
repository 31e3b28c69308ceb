//go:build linux

package hostile

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/cache"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/gotest"
	"lockstep/grader/internal/pipeline"
	"lockstep/grader/internal/sandbox"
	"lockstep/grader/internal/verdict"
)

const (
	workers = 2 // builds and checks at a time, as in a class run on a small machine

	// buildTime is what a build may cost: a tenth of it does for an honest one, and the
	// bombs among the others are not to take all of the test's time.
	buildTime = 10 * time.Second

	// slack is what a loaded machine may add to a check's wall clock until it is
	// stopped. It tells a check that was stopped from one that nothing could stop.
	slack = 20 * time.Second
)

// silent is a pipeline.Progress that fails the test when there is something to warn of.
type silent struct{ t *testing.T }

func (silent) Doing(string)       {}
func (silent) Compiling(int)      {}
func (s silent) Warn(what string) { s.t.Error(what) }

// newGrader returns a grader of the corpus's course, with caches of its own.
func newGrader(t *testing.T, w *world, box sandbox.Sandbox) *pipeline.Grader {
	c, err := course.Load(w.course)
	require.NoError(t, err)
	store, err := cache.Open()
	require.NoError(t, err)
	tools, err := gotest.Open(t.Context(), store.Dir())
	require.NoError(t, err)
	w.gocache = tools.Cache
	tools.Limits.CPU = buildTime
	work, remove, err := store.WorkDir()
	require.NoError(t, err)
	t.Cleanup(remove)
	return pipeline.New(c, tools, box, store, work, workers, silent{t})
}

// grade makes a submission and grades it as `grader grade --submission` does.
func (s *submission) grade(t *testing.T, w *world, g *pipeline.Grader) *verdict.Result {
	dir := filepath.Join(w.root, "submissions", g.Box.Name(), s.id())
	s.write(t, w, dir)
	chapters, err := g.Course.Select(s.chapter)
	require.NoError(t, err)
	result, err := g.Grade(context.Background(), chapters, dir)
	require.NoError(t, err)
	result.Submission.ID = s.id()
	require.Len(t, result.Chapters, 1)
	return result
}

// tally is what came of the whole corpus.
type tally struct {
	mu                            sync.Mutex
	graded                        map[string]bool
	hostile, honest, gained, lost int
}

// TestCorpus grades the whole corpus, hostile and honest ones side by side, and looks
// at what is left.
func TestCorpus(t *testing.T) {
	box, err := sandbox.Open("bwrap")
	if err != nil && os.Getenv("LOCKSTEP_CI") != "1" {
		t.Skip("the corpus needs the sandbox: ", err)
	}
	require.NoError(t, err)
	w := newWorld(t)
	g := newGrader(t, w, box)
	corpus := corpus(t)
	sum := tally{graded: map[string]bool{}}
	t.Run("submissions", func(t *testing.T) {
		for i := range corpus {
			s := &corpus[i]
			t.Run(s.class+"/"+s.name, func(t *testing.T) {
				t.Parallel()
				sum.judge(t, s, s.grade(t, w, g), g)
			})
		}
	})
	for _, s := range corpus {
		if s.class != honest || !sum.graded[s.id()] {
			continue
		}
		again := s.grade(t, w, g).Chapters[0]
		assert.True(t, again.Cached, "%s is graded again", s.id())
		differences, _ := s.want.compare(&again)
		assert.Empty(t, differences, "the result of %s has changed", s.id())
	}
	os.RemoveAll(g.Work)
	left := w.left(t)
	assert.Empty(t, left, "nothing of the submissions may be left on the machine")
	fmt.Printf("hostile: %d submissions, %d gained a point, %d processes, files or mounts left; %d honest ones among them lost %d points\n",
		sum.hostile, sum.gained, len(left), sum.honest, sum.lost)
}

// judge compares what a submission got with what it must get.
func (sum *tally) judge(t *testing.T, s *submission, r *verdict.Result, g *pipeline.Grader) {
	c := &r.Chapters[0]
	differences, gained := s.want.compare(c)
	assert.Empty(t, differences)
	for _, k := range c.Checks {
		limit := sandbox.Stretch * wall(g, c.ID)
		assert.Less(t, k.Duration, limit+slack, "%s was not stopped at its limit", k.Name)
	}
	assert.Empty(t, secrets(fmt.Sprintf("%+v", r)), "the result shows a secret")
	clean(t, r)

	points, most := c.Points()
	sum.mu.Lock()
	defer sum.mu.Unlock()
	sum.graded[s.id()] = true
	if s.class == honest {
		sum.honest++
		sum.lost += most - points
		return
	}
	sum.hostile++
	if gained > 0 {
		sum.gained++
		t.Errorf("it gained %d points", gained)
	}
}

// TestPolicyAlone grades those that the policy must stop without a sandbox: nothing of
// them is ever built or run.
func TestPolicyAlone(t *testing.T) {
	box, err := sandbox.Open("none")
	require.NoError(t, err)
	w := newWorld(t)
	g := newGrader(t, w, box)
	n := 0
	for _, s := range corpus(t) {
		if slices.Equal(s.want["policy"], []verdict.Status{verdict.Rejected}) {
			n++
			r := s.grade(t, w, g)
			assert.Equal(t, verdict.ChapterRejected, r.Chapters[0].Status, s.id())
		}
	}
	assert.Greater(t, n, 30)
	os.RemoveAll(g.Work)
	assert.Empty(t, w.left(t))
}

// corpus returns all submissions, the honest ones spread among the others.
func corpus(t *testing.T) []submission {
	all := append(readCorpus(t), built()...)
	slices.SortFunc(all, func(a, b submission) int { return strings.Compare(a.name+a.class, b.name+b.class) })
	seen := map[string]bool{}
	for _, s := range all {
		require.False(t, seen[s.id()], "there are two of %s", s.id())
		seen[s.id()] = true
	}
	return all
}

// TestCorpusIsWhole holds what the corpus promises: its size, and more than one of each class.
func TestCorpusIsWhole(t *testing.T) {
	classes := map[string]int{}
	for _, s := range corpus(t) {
		classes[s.class]++
		if s.class == honest {
			assert.Empty(t, s.want, "%s is honest", s.id())
		}
	}
	total := 0
	for _, class := range []string{
		"ending", "forging", "blinding", "hiding", "globals", "build", "secrets", "resources", "reports", "repositories",
	} {
		assert.Greater(t, classes[class], 2, class)
		total += classes[class]
	}
	assert.GreaterOrEqual(t, total, 75)
	assert.GreaterOrEqual(t, classes[honest], 12)
	assert.Len(t, classes, 11)
}

// wall returns the wall clock of a chapter's checks.
func wall(g *pipeline.Grader, id string) time.Duration {
	const usual = 30 * time.Second
	for _, ch := range g.Course.Chapters {
		if ch.ID == id && ch.Manifest.Limits.Wall > 0 {
			return ch.Manifest.Limits.Wall
		}
	}
	return usual
}
