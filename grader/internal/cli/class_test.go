package cli

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/report"
)

func TestRate(t *testing.T) {
	at := func(s int) time.Time { return time.Unix(int64(s), 0) }
	var r rate
	r.add(at(0))
	require.Empty(t, r.left(10), "one says nothing")
	r.add(at(10))
	r.add(at(20))
	require.Equal(t, ", 6 a minute, about 2 min left", r.left(10))
	require.Empty(t, r.left(0))
	for i := range 100 {
		r.add(at(20 + i)) // the network is better now
	}
	require.Equal(t, ", 60 a minute, about 30 s left", r.left(30))
	for range 100 {
		r.add(at(200))
	}
	require.Empty(t, r.left(10), "all at once has no rate")
}

func TestAbout(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 59 * time.Second: "59 s", 90 * time.Second: "2 min", 59 * time.Minute: "59 min", 90 * time.Minute: "1 h 30 min", 25 * time.Hour: "25 h 0 min",
	} {
		require.Equal(t, want, about(d))
	}
}

func TestDeadline(t *testing.T) {
	for text, want := range map[string]time.Time{
		"":                          {},
		"2026-11-30T23:59:00Z":      time.Date(2026, 11, 30, 23, 59, 0, 0, time.UTC),
		"2026-11-30T23:59:00+02:00": time.Date(2026, 11, 30, 21, 59, 0, 0, time.UTC),
		"2026-11-30 23:59":          time.Date(2026, 11, 30, 23, 59, 0, 0, time.Local),
		"2026-11-30 23:59:59":       time.Date(2026, 11, 30, 23, 59, 59, 0, time.Local),
	} {
		got, err := deadline(text)
		require.NoError(t, err)
		require.True(t, want.Equal(got), text)
	}
	for _, bad := range []string{"2026-11-30", "yesterday", "23:59", "2026-02-30 12:00"} {
		_, err := deadline(bad)
		var usage *usageError
		require.ErrorAs(t, err, &usage, bad)
	}
}

func TestApart(t *testing.T) {
	for _, bad := range [][2]string{{"forks", "forks"}, {"forks/out", "forks"}, {"a/b/c", "a"}, {"x", "."}} {
		require.Error(t, apart(bad[0], bad[1]), bad)
	}
	for _, good := range [][2]string{{"out", "forks"}, {"forks-out", "forks"}, {"../out", "."}, {"out", "roster.csv"}} {
		require.NoError(t, apart(good[0], good[1]), good)
	}
}

// TestALogHearsOfTroubleAndOfTheEnd and of little else.
func TestALogHearsOfTroubleAndOfTheEnd(t *testing.T) {
	var log bytes.Buffer
	p := newClassProgress(newProgress(&log))
	for i := range 50 {
		m := &report.Member{ID: "ada"}
		if i == 20 {
			m.Trouble = "the repository is \x1b[2Jempty"
		}
		p.Student(i+1, 50, m)
	}
	require.Equal(t, "grader: ada: the repository is \\x1b[2Jempty\ngrader: 50 of 50 students\n", log.String())
}
