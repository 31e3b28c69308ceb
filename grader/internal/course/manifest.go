package course

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Manifest is a chapter's chapter.yaml.
type Manifest struct {
	Title   string   `yaml:"title"`   // "Lock"
	Summary string   `yaml:"summary"` // one sentence
	Topics  []string `yaml:"topics"`  // what it is called where the reader comes from
	Minutes int      `yaml:"minutes"` // what it takes a reader, notes included
	Needs   []string `yaml:"needs"`   // chapters to have read before
	Files   []string `yaml:"files"`   // what the student edits and hands in
	Imports []string `yaml:"imports"` // what those files may import; in the file, what more than in every chapter
	Allow   []string `yaml:"allow"`   // calls and declarations that are refused elsewhere, "os.Exit"
	Deny    []string `yaml:"deny"`    // calls that are refused here only, "time.Sleep"
	Proc    bool     `yaml:"proc"`    // the checks start processes and need a /proc of their own
	Limits  Limits   `yaml:"limits"`
}

// Limits bounds one check's process. Zero values take the grader's defaults.
type Limits struct {
	Wall      time.Duration `yaml:"wall"`      // in which it waits; see sandbox.Limits
	CPU       time.Duration `yaml:"cpu"`       // of all cores together
	Memory    int64         `yaml:"memory_mb"` // resident, in MiB
	Output    int64         `yaml:"output_kb"` // standard output and error, each, in KiB
	Processes int           `yaml:"processes"` // processes and threads at once
}

// everywhere may be imported in every chapter: it reaches nothing outside of the program,
// and the explorer follows what goroutines do with it.
var everywhere = strings.Fields(`
	bytes cmp container/heap container/list container/ring context errors fmt hash/fnv
	hash/maphash iter maps math math/bits math/rand math/rand/v2 runtime slices sort strconv
	strings sync sync/atomic time unicode unicode/utf8`)

var goFile = regexp.MustCompile(`^[a-z][a-z0-9_]*\.go$`)

func readManifest(path string) (Manifest, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Manifest{}, err
	}
	m, err := parseManifest(data)
	if err != nil {
		return Manifest{}, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return m, nil
}

func parseManifest(data []byte) (Manifest, error) {
	var m Manifest
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&m); err != nil {
		said := strings.Join(strings.Fields(err.Error()), " ")
		return Manifest{}, errors.New(strings.TrimSuffix(strings.TrimPrefix(said, "yaml: "), " in type course.Manifest"))
	}
	switch {
	case m.Title == "":
		return Manifest{}, fmt.Errorf("title is missing")
	case len(m.Files) == 0:
		return Manifest{}, fmt.Errorf("files is empty: a chapter needs a file to edit")
	case m.Minutes <= 0:
		return Manifest{}, fmt.Errorf("minutes must be positive")
	}
	for _, name := range m.Files {
		if !goFile.MatchString(name) || strings.HasSuffix(name, "_test.go") {
			return Manifest{}, fmt.Errorf("files: %q is not the name of a Go file", name)
		}
	}
	m.Imports = slices.Compact(slices.Sorted(slices.Values(slices.Concat(m.Imports, everywhere))))
	return m, nil
}
