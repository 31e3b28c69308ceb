package report

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/report/sanitize/nasty"
	"lockstep/grader/internal/verdict"
)

// members is a small class: every kind of student, and some who are alike.
func members() []*Member {
	out := []*Member{ada()}
	for i := range 8 {
		m := ada()
		m.ID, m.Name, m.Username, m.Flags = fmt.Sprintf("s%02d", i), fmt.Sprintf("Student %d", i), "", nil
		m.Result.Submission.ID = m.ID
		m.Content = map[string]string{"05-lock": fmt.Sprintf("content %d", i/3), "06-rlock": fmt.Sprintf("own %d", i)}
		out = append(out, m)
	}
	out = append(out,
		&Member{ID: "untouched", Name: "=cmd()", Result: all(verdict.ChapterNotStarted, verdict.NotStarted)},
		&Member{ID: "zoe", Name: "Zoë", Result: all(verdict.ChapterGraded, verdict.Pass)},
		&Member{ID: "lost", Name: "Lost", Trouble: "the repository could not be fetched: no such host"})
	return out
}

// all is the semester's course with the same status for everything.
func all(chapter verdict.ChapterStatus, status verdict.Status) *verdict.Result {
	r := semester()
	for i := range r.Chapters {
		c := &r.Chapters[i]
		c.Status = chapter
		for j := range c.Checks {
			k := &c.Checks[j]
			*k = verdict.Check{Name: k.Name, Todo: k.Todo, Title: k.Title, Status: status, MaxPoints: k.MaxPoints}
			if status == verdict.Pass {
				k.Points = k.MaxPoints
			}
		}
	}
	return r
}

func classOf(members []*Member) *Class {
	c := NewClass("lockstep")
	for _, m := range members {
		c.Add(m)
	}
	return c
}

// everything is all that a class writes, by name.
func everything(t *testing.T, c *Class) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, write := range map[string]func(io.Writer) error{
		"csv": c.CSV, "html": c.HTML, "junit": c.JUnit, "markdown": c.Markdown,
		"text": func(w io.Writer) error { return c.Text(w, Options{}) },
	} {
		out[name] = string(written(t, write))
	}
	return out
}

func TestClassGolden(t *testing.T) {
	out := everything(t, classOf(members()))
	golden(t, "class.csv", []byte(out["csv"]))
	golden(t, "class.txt", []byte(out["text"]))
	golden(t, "class.md", []byte(out["markdown"]))
	golden(t, "class-40.txt", written(t, func(w io.Writer) error { return classOf(members()).Text(w, Options{Width: 40}) }))
}

func TestClassDoesNotDependOnTheOrder(t *testing.T) {
	all := members()
	want := everything(t, classOf(all))
	random := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		assert.Equal(t, want, everything(t, classOf(all)))
	}
}

// What merge reads back from results/*.json gives the same reports.
func TestClassFromItsJSONIsTheSame(t *testing.T) {
	var back []*Member
	for _, m := range members() {
		back = append(back, readBack(t, m))
	}
	assert.Equal(t, everything(t, classOf(members())), everything(t, classOf(back)))
}

func rowsOf(t *testing.T, c *Class) (header []string, rows map[string]map[string]string) {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(written(t, c.CSV))).ReadAll()
	require.NoError(t, err)
	rows = map[string]map[string]string{}
	for _, line := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = line[i]
		}
		rows[line[0]] = row
	}
	return all[0], rows
}

func TestClassCSV(t *testing.T) {
	header, rows := rowsOf(t, classOf(members()))
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(header))), len(header), "no two columns share a name")
	assert.Equal(t, "3f2a91c07be14d55a9", rows["ada"]["commit"])
	assert.Equal(t, "13", rows["ada"]["total"])
	assert.Equal(t, "3", rows["ada"]["05-lock"])
	assert.Equal(t, "2", rows["ada"]["05-lock/TestWithdraw"])
	assert.Equal(t, "0", rows["ada"]["05-lock/TestBalanceReads"])
	assert.NotContains(t, header, "05-lock/vet", "it gives no points")
	assert.Equal(t, "partly-graded", rows["ada"]["status"])
	assert.Empty(t, rows["ada"]["08-daemon"], "trouble is no 0")
	assert.Empty(t, rows["ada"]["08-daemon/TestDaemon1"], "trouble is no 0")
	assert.Equal(t, "10", rows["ada"]["ungraded_points"])
	assert.Empty(t, rows["lost"]["total"], "trouble is no 0")
	assert.Equal(t, "not-graded", rows["lost"]["status"])
	assert.Equal(t, rows["zoe"]["max_points"], rows["zoe"]["total"])
	assert.Equal(t, "graded", rows["zoe"]["status"])
	assert.Equal(t, "not-started", rows["untouched"]["status"])
	assert.Equal(t, "0", rows["untouched"]["total"])
	assert.Equal(t, "'=cmd()", rows["untouched"]["name"], "no formula")
	for _, row := range rows {
		if row["total"] == "" {
			continue
		}
		sum := 0
		for name, v := range row {
			if strings.Contains(name, "/") && v != "" {
				n, err := strconv.Atoi(v)
				require.NoError(t, err, "numbers stay numbers")
				sum += n
			}
		}
		assert.Equal(t, row["total"], strconv.Itoa(sum))
	}
}

func TestClassJUnit(t *testing.T) {
	var in junitSuites
	require.NoError(t, xml.Unmarshal(written(t, classOf(members()).JUnit), &in))
	tests, failures, errors, skipped := 0, 0, 0, 0
	for _, s := range in.Suites {
		tests, failures, errors, skipped = tests+s.Tests, failures+s.Failures, errors+s.Errors, skipped+s.Skipped
		assert.Len(t, s.Cases, s.Tests)
		if s.Name == "lost" {
			assert.Contains(t, s.Cases[0].Error.Message, "could not be fetched")
		}
	}
	assert.Equal(t, []int{in.Tests, in.Failures, in.Errors, in.Skipped}, []int{tests, failures, errors, skipped})
	assert.Greater(t, tests, 1000)
}

func TestHardest(t *testing.T) {
	c := classOf(members())
	hardest := c.hardest(100)
	at := slices.IndexFunc(hardest, func(h hardship) bool { return h.name == "TestTransferNeverDeadlocks" })
	require.GreaterOrEqual(t, at, 0)
	h := hardest[at]
	assert.Equal(t, 9, h.students)
	assert.Equal(t, []statusCount{{verdict.Deadlock, 9}}, h.statuses)
	assert.Contains(t, h.message.text, "two transfers wait for each other")
	for _, h := range hardest {
		assert.NotContains(t, []string{"TestCacheLoadsOnce", "TestTotal"}, h.name, "an open gap and a skipped check are not failed")
		assert.NotEqual(t, "08-daemon", h.chapter.id, "trouble is not failed")
		if h.chapter.id == "06-rlock" {
			assert.Equal(t, "the chapter compiles", h.title, "a chapter that does not compile counts once")
		}
	}
}

// What is missing may be in a file that is not graded, and the class page has no other place to say so.
func TestWhyAChapterDoesNotCompile(t *testing.T) {
	for message, want := range map[string]string{
		"lock.go:180: undefined: helper": "lock.go:180: undefined: helper; helper.go is not graded",
		"lock.go:3: syntax error":        "lock.go:3: syntax error",
	} {
		ch := classChapter{failures: map[string]*failure{}}
		ch.count(&verdict.Chapter{
			Status: verdict.ChapterBuildFailed, Notes: []string{"helper.go is not graded"},
			Checks: []verdict.Check{{Name: "build", Message: message}},
		}, outcome{})
		for _, s := range ch.failures[chapterCompiles].messages {
			assert.Equal(t, want, s.text)
		}
	}
}

// Messages that differ in figures alone are one; of too many, the same ones stay.
func TestMessagesAreCounted(t *testing.T) {
	note := func(messages []string) *failure {
		f := &failure{messages: map[uint64]*said{}}
		for _, m := range messages {
			f.note(m)
		}
		return f
	}
	f := note([]string{"a race at lock.go:41", "a race at lock.go:7", "another"})
	require.Len(t, f.messages, 2)

	var many []string
	for i := range 3 * maxMessages {
		many = append(many, strings.Repeat("x", i), strings.Repeat("x", i))
	}
	f = note(many)
	assert.Len(t, f.messages, maxMessages)
	slices.Reverse(many)
	assert.Equal(t, f.messages, note(many).messages)
	for _, s := range f.messages {
		assert.Equal(t, 2, s.students)
	}
}

func TestShared(t *testing.T) {
	shared := classOf(members()).shared()
	require.Len(t, shared, 3)
	assert.Equal(t, []string{"s00", "s01", "s02"}, shared[0].students)
	assert.Equal(t, "05-lock", shared[0].chapter.id)

	alone := ada()
	untouched := &Member{ID: "b", Result: skeleton(), Content: map[string]string{"05-lock": "same"}}
	also := &Member{ID: "c", Result: skeleton(), Content: map[string]string{"05-lock": "same"}}
	assert.Empty(t, classOf([]*Member{alone, untouched, also}).shared(), "skeletons are alike")
}

// hostileMember is a student with something nasty wherever there may be.
func hostileMember(i int) *Member {
	s := nasty.Strings()[i]
	return &Member{ID: fmt.Sprintf("eve%02d", i), Name: s, Username: s, Repo: s, Branch: s, Trouble: s, Flags: []string{s},
		Result: hostile(), Submitted: time.Unix(0, 0), Content: map[string]string{"05-lock": s}}
}

func TestClassIsSafe(t *testing.T) {
	var all []*Member
	for i := range nasty.Strings() {
		all = append(all, hostileMember(i))
	}
	out := everything(t, classOf(all))
	out["student"] = string(written(t, func(w io.Writer) error { return MemberHTML(w, all[0]) }))
	for name, text := range out {
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			for _, r := range line {
				require.True(t, strconv.IsPrint(r) || r == '\u00a0', "%s: %U in %q", name, r, line)
			}
			require.False(t, strings.HasPrefix(strings.TrimSpace(line), "::"), "%s: a workflow command: %q", name, line)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(out["csv"])).ReadAll()
	require.NoError(t, err)
	for _, row := range rows {
		for _, cell := range row {
			assert.False(t, strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r"), "a formula: %q", cell)
		}
	}
}

// A class of thousands stays small, also when no two students are alike.
func TestClassIsCompact(t *testing.T) {
	const students, checks = 2_000, 25
	c := NewClass("lockstep")
	m := ada()
	ch := &m.Result.Chapters[4]
	for len(ch.Checks) < checks {
		k := ch.Checks[0]
		k.Name = fmt.Sprintf("Test%d", len(ch.Checks))
		ch.Checks = append(ch.Checks, k)
	}
	before := heap()
	for i := range students {
		m.ID = fmt.Sprintf("s%05d", i)
		ch.Checks[4].Message = strings.Repeat("long ", 100) + strings.Repeat("x", i%1000)
		for n := range ch.Checks {
			ch.Checks[n].Status = verdict.Statuses[i>>n%len(verdict.Statuses)]
		}
		c.Add(m)
	}
	assert.Less(t, int(heap()-before)/students, 3000, "bytes for each student")
	for _, f := range c.chapters[4].failures {
		assert.LessOrEqual(t, len(f.messages), maxMessages)
	}
	require.NoError(t, c.HTML(io.Discard))
}

func TestMark(t *testing.T) {
	for _, status := range verdict.Statuses {
		for _, points := range []int{0, 1, verdict.MaxPoints} {
			m := markOf(&verdict.Check{Status: status, Points: points})
			require.NotZero(t, m)
			assert.Equal(t, status, m.status())
			assert.Equal(t, points, m.points())
		}
	}
}

// heap is what is in use.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
