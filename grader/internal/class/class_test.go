package class

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/cache"
	"lockstep/grader/internal/course"
	"lockstep/grader/internal/report"
	"lockstep/grader/internal/submission"
	"lockstep/grader/internal/verdict"
)

// chapters are two, with a file and a check each.
func chapters() []course.Chapter {
	var out []course.Chapter
	for _, id := range []string{"01-one", "02-two"} {
		out = append(out, course.Chapter{
			ID: id, Folder: "chapters/" + id,
			Manifest: course.Manifest{Title: id, Files: []string{"a.go"}},
			Skeleton: map[string][]byte{"a.go": []byte("package a\n")},
			Checks:   []course.Check{{Name: "TestA", Title: "A holds", Points: 2}},
		})
	}
	return out
}

// simulated grades without building: the file's text says what comes of it. It counts, and
// keeps what lasts as the real one does.
type simulated struct {
	cache *cache.Cache
	begin func(text string) // called when a content is graded, may block or panic

	mu   sync.Mutex
	runs map[string]int // by chapter and text
	lack error
}

func newSimulated(t testing.TB) *simulated {
	return &simulated{cache: cache.At(t.TempDir()), begin: func(string) {}, runs: map[string]int{}}
}

func (s *simulated) Lack() error { return s.lack }

func (s *simulated) Key(ch *course.Chapter, files map[string][]byte, _ ...string) (string, error) {
	return cache.NewKey(ch.ID, string(files["a.go"])).Sum(), nil
}

func (s *simulated) Chapter(ctx context.Context, ch *course.Chapter, work submission.Work) verdict.Chapter {
	out := verdict.Chapter{ID: ch.ID, Title: ch.ID, Status: verdict.ChapterGraded, Notes: work.Notes}
	check := verdict.Check{Name: "TestA", Title: "A holds", MaxPoints: 2, Status: verdict.Fail, Message: "A is wrong"}
	switch {
	case ctx.Err() != nil:
		check.Status = verdict.Trouble
	case work.NotStarted(ch):
		out.Status, check.Status = verdict.ChapterNotStarted, verdict.NotStarted
	case len(work.Problems) > 0:
		out.Status, check.Status, check.Message = verdict.ChapterRejected, verdict.Rejected, work.Problems[0].Message
	default:
		text := string(work.Files["a.go"])
		key, _ := s.Key(ch, work.Files)
		if s.cache.Get("results", key, &out) {
			return out
		}
		s.mu.Lock()
		s.runs[ch.ID+" "+text]++
		s.mu.Unlock()
		s.begin(text)
		for word, status := range map[string]verdict.Status{"loop": verdict.Timeout, "broken": verdict.Trouble} {
			if strings.Contains(text, word) {
				check.Status, check.Message = status, "it is "+word
			}
		}
		if strings.Contains(text, "right") {
			check.Status, check.Points, check.Message = verdict.Pass, 2, ""
		}
		out.Checks = []verdict.Check{check}
		if ctx.Err() == nil && check.Status != verdict.Timeout && check.Status != verdict.Trouble {
			_ = s.cache.Put("results", key, out)
		}
		return out
	}
	out.Checks = []verdict.Check{check}
	return out
}

func (s *simulated) total() (n int) {
	for _, runs := range s.runs {
		n += runs
	}
	return n
}

// tally is told of students.
type tally struct {
	ids    []string
	notice func(*report.Member)
}

func (p *tally) Begin(int) {}

func (p *tally) Student(_, _ int, m *report.Member) {
	p.ids = append(p.ids, m.ID)
	if p.notice != nil {
		p.notice(m)
	}
}

// forks makes a folder with a submission for each id, whose files have that text.
func forks(t testing.TB, texts map[string]string) string {
	dir := t.TempDir()
	for id, text := range texts {
		for _, ch := range chapters() {
			folder := filepath.Join(dir, id, "chapters", ch.ID)
			require.NoError(t, os.MkdirAll(folder, 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(folder, "a.go"), []byte("package a // "+text+"\n"), 0o644))
		}
	}
	return dir
}

// try is one run of a class.
type try struct {
	source, out string
	options     Options
	grader      *simulated
	tally       tally
}

func newTry(t testing.TB, texts map[string]string) *try {
	return &try{source: forks(t, texts), out: filepath.Join(t.TempDir(), "out"), options: Options{Jobs: 2}, grader: newSimulated(t)}
}

func (y *try) grade(t testing.TB, ctx context.Context) (*Summary, error) {
	t.Helper()
	s, err := OpenSource(y.source, "", t.TempDir(), Wanted(chapters()))
	require.NoError(t, err)
	run := &Run{Format: runFormat, Course: course.Name, Key: "k", Chapters: []string{"01-one", "02-two"}, Students: s.ids(), Lines: s.Lines, Shard: y.options.Shard.String()}
	out, err := OpenOut(y.out, run)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	y.tally.ids = nil
	y.options.Tell = &y.tally
	if err := Grade(ctx, y.grader, chapters(), s, run, out, y.options); err != nil {
		return nil, err
	}
	return Publish(out, run)
}

func (y *try) must(t testing.TB) *Summary {
	t.Helper()
	s, err := y.grade(t, t.Context())
	require.NoError(t, err)
	return s
}

// snapshot is what a run wrote, by file.
func snapshot(t testing.TB, dir string) map[string]string {
	files := map[string]string{}
	for _, pattern := range []string{"*.*", "results/*", "students/*"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		require.NoError(t, err)
		for _, name := range names {
			data, err := os.ReadFile(name)
			require.NoError(t, err)
			below, err := filepath.Rel(dir, name)
			require.NoError(t, err)
			files[below] = string(data)
		}
	}
	return files
}

func TestEqualContentIsGradedOnce(t *testing.T) {
	y := newTry(t, map[string]string{"ada": "right", "ben": "wrong", "cy": "right", "di": "right", "ed": "loop", "fay": "loop"})
	sum := y.must(t)
	require.Equal(t, 6, sum.Students)
	require.Zero(t, sum.Troubled)
	require.Len(t, y.grader.runs, 6, "three contents of two chapters")
	require.Equal(t, 6, y.grader.total())
	first := snapshot(t, y.out)
	require.Contains(t, first, "grades.csv")
	require.Contains(t, first, "index.html")
	require.Contains(t, first, "junit.xml")
	require.Contains(t, first, "students/ada.html")
	require.Contains(t, first["results/ada.json"], `"points": 4`)

	t.Run("and a second run grades nothing and writes the same", func(t *testing.T) {
		y.must(t)
		require.Equal(t, 6, y.grader.total(), "a time-out, too, is known")
		require.Equal(t, first, snapshot(t, y.out))
	})
	t.Run("what changed is graded alone", func(t *testing.T) {
		file := filepath.Join(y.source, "ben/chapters/01-one/a.go")
		require.NoError(t, os.WriteFile(file, []byte("package a // right at last\n"), 0o644))
		y.must(t)
		require.Equal(t, 7, y.grader.total())
	})
}

// TestWaitingForTheSameContent holds the first of several equal ones until others wait.
func TestWaitingForTheSameContent(t *testing.T) {
	y := newTry(t, map[string]string{"ada": "same", "ben": "same", "cy": "other"})
	other := make(chan struct{})
	y.grader.begin = func(text string) {
		if strings.Contains(text, "same") {
			<-other // nobody is kept from being graded by those who wait
		} else {
			select {
			case <-other:
			default:
				close(other)
			}
		}
	}
	y.options.Jobs = 4
	y.must(t)
	for key, n := range y.grader.runs {
		require.Equal(t, 1, n, key)
	}
}

func TestOneStudentsTroubleStopsNobody(t *testing.T) {
	y := newTry(t, map[string]string{"ada": "right", "ben": "broken", "cy": "right"})
	require.NoError(t, os.MkdirAll(filepath.Join(y.source, "di"), 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(y.source, "ed", "chapters", "77-other"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(y.source, "fay.zip"), []byte("no zip"), 0o644))
	require.NoError(t, os.Symlink("/", filepath.Join(y.source, "gus")))
	require.NoError(t, os.MkdirAll(filepath.Join(y.source, "a name"), 0o755))
	sum := y.must(t)
	require.Equal(t, 6, sum.Students)
	require.Equal(t, 4, sum.Troubled)
	run, err := ReadRun(y.out)
	require.NoError(t, err)
	require.Len(t, run.Lines, 2)
	for id, want := range map[string]string{
		"ada": "", "ben": "01-one: it is broken", "di": "it has no chapters/ in it",
		"ed": "it has none of the files that are graded: is it a copy of this course?", "fay": "it is no zip archive, or damaged",
	} {
		m, err := readMember(y.out, id)
		require.NoError(t, err)
		require.Equal(t, want, m.Trouble, id)
	}

	t.Run("and is looked at again when asked to", func(t *testing.T) {
		y.options.RetryTrouble = true
		y.must(t)
		slices.Sort(y.tally.ids)
		require.Equal(t, []string{"ben", "di", "ed", "fay"}, y.tally.ids)
		require.Equal(t, 2, y.grader.runs["01-one package a // broken\n"])
		require.Equal(t, 1, y.grader.runs["01-one package a // right\n"])
	})
}

// TestInterrupted cancels a run after each number of students, and finishes it.
func TestInterrupted(t *testing.T) {
	texts := map[string]string{}
	for i := range 12 {
		texts[fmt.Sprintf("s%02d", i)] = fmt.Sprintf("right %d", i%7)
	}
	whole := newTry(t, texts)
	whole.must(t)
	want := snapshot(t, whole.out)
	for stop := range 12 {
		y := newTry(t, texts)
		y.source = whole.source
		ctx, cancel := context.WithCancel(t.Context())
		y.tally.notice = func(*report.Member) {
			if len(y.tally.ids) > stop {
				cancel()
			}
		}
		_, err := y.grade(t, ctx)
		require.ErrorIs(t, err, context.Canceled)
		for name, data := range snapshot(t, y.out) {
			require.Equal(t, want[name], data, "%s is half done", name)
		}
		y.tally.notice = nil
		y.must(t)
		require.Equal(t, want, snapshot(t, y.out))
		for key, n := range y.grader.runs {
			require.LessOrEqual(t, n, 2, "%s: only what was not finished is done again", key)
		}
	}
}

func TestOnlySome(t *testing.T) {
	y := newTry(t, map[string]string{"ada": "right", "ben": "wrong"})
	y.options.Only = []string{"ben"}
	sum := y.must(t)
	require.Equal(t, []string{"ben"}, y.tally.ids)
	require.Equal(t, []string{"ada"}, sum.Missing)
	y.options.Only = []string{"bem"}
	_, err := y.grade(t, t.Context())
	var unknown *course.UnknownError
	require.ErrorAs(t, err, &unknown)
	require.Equal(t, "ben", unknown.Nearest)
}

func TestTheMachinesLackEndsTheRun(t *testing.T) {
	y := newTry(t, map[string]string{"ada": "right", "ben": "wrong"})
	y.grader.lack = errors.New("there is no C compiler")
	_, err := y.grade(t, t.Context())
	require.ErrorContains(t, err, "no C compiler")
	require.Empty(t, y.tally.ids)
}

func TestTheFolderOfResults(t *testing.T) {
	run := &Run{Format: runFormat, Course: course.Name, Key: "k", Chapters: []string{"01-one"}}
	dir := filepath.Join(t.TempDir(), "out")
	out, err := OpenOut(dir, run)
	require.NoError(t, err)
	require.NoError(t, out.putRun(run))
	_, err = OpenOut(dir, run)
	require.ErrorContains(t, err, "is being written by another run")
	out.Close()
	for what, change := range map[string]func(*Run){
		"other chapters":   func(r *Run) { r.Chapters = []string{"02-two"} },
		"other checks":     func(r *Run) { r.Key = "l" },
		"another deadline": func(r *Run) { r.Before = time.Now().Format(time.RFC3339) },
		"another course":   func(r *Run) { r.Course = "x" },
		"another shard":    func(r *Run) { r.Shard = "1/2" },
	} {
		other := *run
		change(&other)
		_, err = OpenOut(dir, &other)
		require.ErrorContains(t, err, what)
	}
	out, err = OpenOut(dir, run)
	require.NoError(t, err)
	out.Close()
	require.NoError(t, os.WriteFile(filepath.Join(dir, runFile), []byte("{"), 0o644))
	_, err = OpenOut(dir, run)
	require.ErrorContains(t, err, "damaged")
	blocked := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(blocked, nil, 0o644))
	_, err = OpenOut(filepath.Join(blocked, "out"), run)
	require.ErrorContains(t, err, "cannot be written")
}

// TestAResultThatCannotBeWrittenEndsTheRun stands in for a full disk.
func TestAResultThatCannotBeWrittenEndsTheRun(t *testing.T) {
	y := newTry(t, map[string]string{"ada": "right", "ben": "wrong"})
	require.NoError(t, os.MkdirAll(filepath.Join(y.out, resultsDir, "ada.json", "in the way"), 0o755))
	_, err := y.grade(t, t.Context())
	var out *OutError
	require.ErrorAs(t, err, &out)
	require.ErrorContains(t, err, "the result of ada cannot be written")
	require.NoError(t, os.RemoveAll(filepath.Join(y.out, resultsDir, "ada.json")))
	y.must(t)
	require.Equal(t, 4, y.grader.total(), "what was finished is kept")
}
