package class

import (
	"fmt"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/course"
	"lockstep/grader/internal/report"
)

// TestFrugal looks at the limit while a class is graded, and after.
func TestFrugal(t *testing.T) {
	limit := func() int64 { return debug.SetMemoryLimit(-1) }
	before := limit()
	y := newTry(t, map[string]string{"one": "one"})
	s := &Source{Entries: []Entry{{ID: "one", Where: filepath.Join(y.source, "one")}}}
	run := &Run{Format: runFormat, Course: course.Name, Students: s.ids()}
	out, err := OpenOut(y.out, run)
	require.NoError(t, err)
	defer out.Close()
	var during int64
	y.options.Tell = &tally{notice: func(*report.Member) { during = limit() }}
	require.NoError(t, Grade(t.Context(), y.grader, chapters(), s, run, out, y.options))
	require.Equal(t, min(before, heap), during)
	require.Equal(t, before, limit())

	less := min(before, heap) / 2
	debug.SetMemoryLimit(less)
	defer debug.SetMemoryLimit(before)
	require.NoError(t, Grade(t.Context(), y.grader, chapters(), s, run, out, y.options))
	require.EqualValues(t, less, during, "who starts the grader may want even less")
}

// TestMemoryDoesNotGrowWithTheClass grades a class whose submissions are 100 KB each, and
// looks at what is reachable: that of 2,000 students must be that of 200, but for the few
// hundred bytes a head that their places take.
func TestMemoryDoesNotGrowWithTheClass(t *testing.T) {
	const forms, some, all = 10, 200, 2000
	texts := map[string]string{}
	for i := range forms {
		texts[fmt.Sprintf("form%d", i)] = fmt.Sprintf("form %d %s", i, strings.Repeat("x", 50<<10))
	}
	y := newTry(t, texts)
	s := &Source{}
	for i := range all {
		s.Entries = append(s.Entries, Entry{ID: fmt.Sprintf("s%05d", i), Where: filepath.Join(y.source, fmt.Sprintf("form%d", i%forms))})
	}
	run := &Run{Format: runFormat, Course: course.Name, Students: s.ids()}
	out, err := OpenOut(y.out, run)
	require.NoError(t, err)
	defer out.Close()

	live := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	var early, late uint64
	y.options.Tell = &tally{notice: func(m *report.Member) {
		switch y.tally.ids = append(y.tally.ids, m.ID); len(y.tally.ids) {
		case some:
			early = live()
		case all:
			late = live()
		}
	}}
	require.NoError(t, Grade(t.Context(), y.grader, chapters(), s, run, out, y.options))
	const slack = 4 << 20 // the window holds up to 8 submissions, and which ones is chance
	require.Less(t, late, early+slack)

	before := live()
	sum, err := Publish(out, run)
	require.NoError(t, err)
	require.Equal(t, all, sum.Students)
	const head = 2 << 10 // bytes
	require.Less(t, live(), before+all*head)
	runtime.KeepAlive(sum)
}
