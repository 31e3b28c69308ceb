package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "lockstep/grader/"

// arrows says which of the grader's packages each of them may import: those it names.
// A package that is not listed may be imported by nobody but main packages and tests.
var arrows = map[string]string{
	"exam/wire":           "",
	"exam":                "exam/wire",
	"exam/puppet":         "exam exam/wire",
	"interleave/rewrite":  "",
	"internal/atomicfile": "",
	"internal/cache":      "",
	"internal/course":     "",
	"internal/hints":      "",
	"internal/policy":     "",
	"internal/sandbox":    "",
	"internal/skeleton":   "",
	"internal/release":    "internal/course",
	"internal/synthetic":  "internal/course",
	"internal/submission": "internal/course",
	"internal/evidence":   "exam/wire",
	"interleave/lanes":    "",
	"interleave/seed":     "",
	"internal/verdict":    "exam/wire internal/course internal/evidence internal/sandbox interleave/lanes",
	"internal/gotest":     "internal/sandbox interleave/rewrite",
	"internal/explore":    "exam/wire internal/evidence interleave/lanes interleave/rewrite",
	"internal/stage":      "internal/course internal/gotest internal/sandbox interleave/rewrite",
	"internal/report":     "internal/verdict internal/report/sanitize",
	"internal/pipeline": "exam/wire internal/cache internal/course internal/evidence internal/gotest internal/policy internal/sandbox " +
		"internal/skeleton internal/stage internal/submission internal/verdict interleave/rewrite",
	"internal/class/roster":  "",
	"internal/class/archive": "internal/submission",
	"internal/class/repo":    "internal/submission",
	"internal/class": "internal/atomicfile internal/cache internal/class/archive internal/class/repo internal/class/roster " +
		"internal/course internal/pipeline internal/report internal/submission internal/verdict",
}

// pure packages touch no file, process or clock.
var pure = []string{"internal/evidence", "internal/verdict", "internal/report", "internal/report/sanitize", "internal/policy", "internal/skeleton", "interleave/lanes", "interleave/seed"}

var impure = []string{"os", "os/exec", "os/signal", "io/fs", "io/ioutil", "net", "net/http", "syscall", "golang.org/x/sys/unix"}

type goPackage struct {
	ImportPath, Dir, Name string
	Imports, GoFiles      []string
}

func packages(t *testing.T) []goPackage {
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Name,Imports,GoFiles", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		require.NoError(t, err)
		p.ImportPath = strings.TrimPrefix(p.ImportPath, module)
		all = append(all, p)
	}
}

// TestArrows keeps the arrows between packages pointing one way.
func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		allowed, listed := arrows[p.ImportPath]
		if !listed {
			continue
		}
		for _, imported := range p.Imports {
			name, own := strings.CutPrefix(imported, module)
			if own && !slices.Contains(strings.Fields(allowed), name) {
				t.Errorf("%s imports %s: is this an arrow that points up?", p.ImportPath, name)
			}
		}
	}
}

// TestPurePackages keeps what decides and draws away from files, processes and clocks.
func TestPurePackages(t *testing.T) {
	clock := regexp.MustCompile(`\btime\.(Now|Since|Until|Sleep|After|NewTimer|NewTicker)\(`)
	for _, p := range packages(t) {
		if !slices.Contains(pure, p.ImportPath) {
			continue
		}
		for _, imported := range p.Imports {
			if slices.Contains(impure, imported) {
				t.Errorf("%s imports %s", p.ImportPath, imported)
			}
		}
		eachFile(t, p, func(name, text string) {
			if m := clock.FindString(text); m != "" {
				t.Errorf("%s reads the clock: %s", name, m)
			}
		})
	}
}

// TestOneColourOneExit keeps colour in report, and the end of the process in main packages.
func TestOneColourOneExit(t *testing.T) {
	exit := regexp.MustCompile(`\bos\.Exit\(|\blog\.Fatal\w*\(`)
	exits := []string{"exam", "interleave"} // they end test binaries
	for _, p := range packages(t) {
		if slices.Contains(p.Imports, "github.com/fatih/color") && p.ImportPath != "internal/report" {
			t.Errorf("%s emits colour; only internal/report may", p.ImportPath)
		}
		if p.Name == "main" || slices.Contains(exits, p.ImportPath) {
			continue
		}
		eachFile(t, p, func(name, text string) {
			if m := exit.FindString(text); m != "" {
				t.Errorf("%s ends the process: %s...)", name, m)
			}
		})
	}
}

func eachFile(t *testing.T, p goPackage, f func(name, text string)) {
	for _, name := range p.GoFiles {
		data, err := os.ReadFile(filepath.Join(p.Dir, name))
		require.NoError(t, err)
		f(p.ImportPath+"/"+name, string(data))
	}
}
