package report

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/verdict"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with testdata/golden/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "go test -run %s -update writes it", t.Name())
	assert.Equal(t, string(want), string(got), "go test -run %s -update accepts it", t.Name())
}

func written(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, write(&b))
	return b.Bytes()
}

func TestTextGolden(t *testing.T) {
	for name, c := range map[string]struct {
		result *verdict.Result
		o      Options
	}{
		"skeleton.txt":       {skeleton(), Options{}},
		"complete.txt":       {complete(), Options{}},
		"semester.txt":       {semester(), Options{}},
		"semester-60.txt":    {semester(), Options{Width: 60, Command: "go run ./grader"}},
		"semester-40.txt":    {semester(), Options{Width: 40}},
		"semester-100.txt":   {semester(), Options{Width: 200}},
		"semester-color.txt": {semester(), Options{Color: true}},
		"hostile.txt":        {hostile(), Options{}},
		"hostile-60.txt":     {hostile(), Options{Width: 60}},
		"chapter.txt":        {&verdict.Result{Course: "lockstep", Chapters: uniform(verdict.ChapterGraded, verdict.Pass, "05-lock")}, Options{}},
		"empty.txt":          {&verdict.Result{Course: "lockstep"}, Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			golden(t, name, written(t, func(w io.Writer) error { return Text(w, c.result, c.o) }))
		})
	}
}

func TestShowGolden(t *testing.T) {
	r := semester()
	for name, o := range map[string]Options{"": {}, "-60": {Width: 60}, "-color": {Color: true}} {
		for _, check := range []string{"TestTransferNeverDeadlocks", "TestBalanceReads", "TestWithdraw", "06-rlock/vet", "08-daemon/8.1", "5.4"} {
			file := "show-" + strings.ReplaceAll(check, "/", "-") + name + ".txt"
			t.Run(file, func(t *testing.T) {
				c, k := Find(r, check)
				require.NotNil(t, k)
				golden(t, file, written(t, func(w io.Writer) error { return Show(w, c, k, o) }))
			})
		}
	}
}
