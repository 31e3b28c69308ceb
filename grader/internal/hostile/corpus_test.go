//go:build linux

package hostile

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	testdata = "../../testdata/hostile"
	honest   = "honest" // the class of those that must pass
)

// submission is one entry of the corpus.
type submission struct {
	class, name string
	chapter     string
	want        want
	mustNot     []string
	source      string                      // the chapter's file; "" when plant writes it
	plant       func(t *testing.T, at site) // adds what is not a chapter's file; nil for nothing
}

// id is how results name a submission.
func (s *submission) id() string { return s.class + "-" + s.name }

// site is where a submission is being made.
type site struct {
	dir     string // what --submission is given
	chapter string // the chapter's folder in it
	file    string // the chapter's file
	world   *world
}

// mustNots are what an attack can say that it is after.
var mustNots = []string{
	"read a secret", "write a file", "reach the network", "leave a process", "leave a file", "delay others",
	"change others", "change the report",
}

// readCorpus returns the attacks of one file.
func readCorpus(t *testing.T) []submission {
	var all []submission
	err := filepath.WalkDir(testdata, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "course" {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s, err := parse(string(source))
		s.class, s.name = filepath.Base(filepath.Dir(path)), strings.TrimSuffix(d.Name(), ".go")
		all = append(all, s)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
	require.NoError(t, err)
	return all
}

// parse reads the comments at the top of an attack.
func parse(source string) (submission, error) {
	s := submission{source: source, chapter: "01-counter"}
	for line := range strings.Lines(source) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			break
		}
		var err error
		switch key {
		case "// want":
			s.want, err = parseWant(value)
		case "// chapter":
			s.chapter = value
		case "// must not":
			s.mustNot = strings.Split(value, ", ")
			for _, what := range s.mustNot {
				if !slices.Contains(mustNots, what) {
					err = fmt.Errorf("nobody looks whether it could %q", what)
				}
			}
		}
		if err != nil {
			return s, err
		}
	}
	if s.want == nil {
		return s, fmt.Errorf("the first line does not say what it must get")
	}
	return s, nil
}

// write makes the submission below dir.
func (s *submission) write(t *testing.T, w *world, dir string) {
	_, word, _ := strings.Cut(s.chapter, "-")
	if word == "limits" {
		word = "process"
	}
	at := site{dir: dir, chapter: filepath.Join(dir, "chapters", s.chapter), world: w}
	at.file = filepath.Join(at.chapter, word+".go")
	require.NoError(t, os.MkdirAll(at.chapter, 0o755))
	if s.source != "" {
		require.NoError(t, os.WriteFile(at.file, []byte(w.fill(s.source, s.id())), 0o644))
	}
	if s.plant != nil {
		s.plant(t, at)
	}
}
