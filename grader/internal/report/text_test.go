package report

import (
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/verdict"
)

var sgr = regexp.MustCompile("\x1b\\[[0-9;]*m")

// pages draws the scorecard and every check of r.
func pages(t *testing.T, r *verdict.Result, o Options) string {
	t.Helper()
	return string(written(t, func(w io.Writer) error {
		if err := Text(w, r, o); err != nil {
			return err
		}
		for i := range r.Chapters {
			c := &r.Chapters[i]
			for j := range c.Checks {
				if err := Show(w, c, &c.Checks[j], o); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

func TestNothingIsWiderThanThePage(t *testing.T) {
	for _, r := range []*verdict.Result{semester(), skeleton(), complete(), hostile()} {
		for _, columns := range []int{40, 60, 80, 100} {
			for line := range strings.Lines(pages(t, r, Options{Width: columns})) {
				line = strings.TrimSuffix(line, "\n")
				require.LessOrEqual(t, width(line), columns, "%q", line)
				require.Equal(t, strings.TrimRight(line, " "), line, "trailing spaces")
			}
		}
	}
}

// Colour adds to the text and never replaces any of it.
func TestColorTellsNothingAlone(t *testing.T) {
	for _, r := range []*verdict.Result{semester(), hostile()} {
		colored := pages(t, r, Options{Color: true})
		assert.Contains(t, colored, "\x1b[")
		plain := regexp.MustCompile(`(?m) +$`).ReplaceAllString(sgr.ReplaceAllString(colored, ""), "")
		assert.Equal(t, pages(t, r, Options{}), plain)
	}
}

func TestEveryStatusIsDrawn(t *testing.T) {
	for _, s := range verdict.Statuses {
		r := &verdict.Result{Chapters: []verdict.Chapter{{ID: "05-lock", Status: verdict.ChapterGraded,
			Checks: []verdict.Check{{Name: "TestX", Todo: "5.1", Title: "x", Status: s, MaxPoints: 1}}}}}
		out := string(written(t, func(w io.Writer) error { return Text(w, r, Options{}) }))
		assert.Contains(t, out, lookOf(s).mark+" "+string(s))
		if s != verdict.Pass {
			assert.NotEmpty(t, advice(s), s)
		}
	}
}

func TestTroubleIsNobodysFault(t *testing.T) {
	r := &verdict.Result{Chapters: uniform(verdict.ChapterTrouble, verdict.Trouble, "05-lock")}
	assert.Contains(t, pages(t, r, Options{}), troubleNote)
	r = complete()
	assert.NotContains(t, pages(t, r, Options{}), troubleNote)
}

func TestUntouchedCourseFitsAScreen(t *testing.T) {
	out := written(t, func(w io.Writer) error { return Text(w, skeleton(), Options{}) })
	assert.LessOrEqual(t, strings.Count(string(out), "\n"), 24)
}

func TestNext(t *testing.T) {
	name := func(r *verdict.Result) string {
		_, k := Next(r)
		if k == nil {
			return ""
		}
		return k.Name
	}
	assert.Equal(t, "vet", name(semester()))
	assert.Equal(t, "policy", name(skeleton()))
	assert.Equal(t, "", name(complete()))

	r := semester()
	begun := r.Chapters[4].Checks
	begun[1].Status, begun[4].Status = verdict.Pass, verdict.Trouble
	assert.Equal(t, "TestTransferNeverDeadlocks", name(r), "trouble is not for the student to work on")
	begun[5].Status = verdict.Skipped
	assert.Equal(t, "TestCacheLoadsOnce", name(r), "what was skipped waits for something else")
	only := &verdict.Result{Chapters: uniform(verdict.ChapterTrouble, verdict.Trouble, "05-lock")}
	assert.Equal(t, "policy", name(only))
}

func TestFind(t *testing.T) {
	r := semester()
	for in, want := range map[string]string{
		"TestBalanceReads": "05-lock TestBalanceReads", "5.3": "05-lock TestTransferNeverDeadlocks", "05-lock/5.2": "05-lock TestBalanceReads",
		"05-lock/vet": "05-lock vet", "06-rlock/vet": "06-rlock vet", "5.1": "05-lock TestDeposit",
	} {
		c, k := Find(r, in)
		require.NotNil(t, k, in)
		assert.Equal(t, want, c.ID+" "+k.Name, in)
	}
	for _, in := range []string{"", "TestNone", "5", "05-lock/"} {
		_, k := Find(r, in)
		assert.Nil(t, k, "%q", in)
	}
}

func TestWidth(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "日本": 4, "é": 1, "e\u0301": 1, "👍": 2, "✓ ✗ …": 5, "한글": 4, "ｆｕｌｌ": 8, "⌛": 2} {
		assert.Equal(t, want, width(s), "%q", s)
	}
	assert.Equal(t, "日…", truncate("日本語", 4))
	assert.Equal(t, "日本語", truncate("日本語", 6))
}

func TestWrap(t *testing.T) {
	assert.Equal(t, []string{"one two", "three"}, wrap("one two three", 9))
	assert.Equal(t, []string{"one two", "three"}, wrap("one two three", 8))
	assert.Equal(t, []string{"abcdefgh", "ij"}, wrap("abcdefghij", 8))
	assert.Equal(t, []string{"日本語日", "本語"}, wrap("日本語日本語", 8))
	assert.Equal(t, []string{""}, wrap("", 8))
	assert.Equal(t, []string{"xxxxxxxx", `\x3a:err`, "or"}, wrap("xxxxxxxx::error", 8), "a break must not make a command")
}

func TestLanes(t *testing.T) {
	table, ok := parseLanes(strings.Split("step  main   G1 (a→b)  G2\n   1  go G1\n   2         lock a\n  10         waits for b, too long\n  11                   lock b\n\nnot a row", "\n"))
	require.True(t, ok)
	assert.Equal(t, []string{"step", "main", "G1 (a→b)", "G2"}, table.names)
	require.Len(t, table.rows, 4)
	var got []string
	for _, row := range table.rows {
		var cells []string
		for _, c := range table.cells(row) {
			cells = append(cells, strings.TrimSpace(c))
		}
		got = append(got, strings.Join(cells, "|"))
	}
	assert.Equal(t, []string{"1|go G1||", "2||lock a|", "10||waits for b, too long|", "11|||lock b"}, got)

	for _, none := range []string{"step by step it goes wrong", "step", "no table", "step  main"} {
		_, ok := parseLanes([]string{none})
		assert.False(t, ok, none)
	}
}

func FuzzShow(f *testing.F) {
	f.Add(transferLanes, 80)
	f.Add(balanceRace, 60)
	f.Add("step  "+strings.Repeat("wide ", 20)+" x\n   1  y", 80) // once wider than the page by its header alone
	f.Add("step  a  b\n::x\n   1  日本語\n", 40)
	f.Fuzz(func(t *testing.T, detail string, columns int) {
		c := &verdict.Chapter{ID: "05-lock", Status: verdict.ChapterGraded}
		k := &verdict.Check{Name: "TestX", Status: verdict.Deadlock, MaxPoints: 1, Message: detail, Detail: detail}
		p := newPage(Options{Width: columns})
		out := written(t, func(w io.Writer) error { return Show(w, c, k, Options{Width: columns}) })
		for line := range strings.Lines(string(out)) {
			line = strings.TrimSuffix(line, "\n")
			if width(line) > p.width || strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Fatalf("%d columns: %q", p.width, line)
			}
		}
	})
}
