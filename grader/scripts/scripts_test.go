// Package scripts tests the grader's command line with the scripts in testdata: a
// script is a story of commands, with the files they work on below it. Names begin with
// what is tested: grade, show, input (what a student can hand in), run (what can happen
// in the middle), cache, make.
//
//	go test .                      all scripts, with a grader built for them
//	GRADER=/path/to/grader go test .   with that grader
//	go test . -run TestScripts/input   the scripts about bad input
//	go test . -update              write what cmp found into the scripts
//
// A module of its own: no student pays for what it imports.
package scripts

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write into the scripts what cmp found")

func TestScripts(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the scripts use sh, make and signals")
	}
	world := newWorld(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		Setup:               world.setup,
		Condition:           condition,
		ContinueOnError:     true, // one run shows all that is wrong
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"course":    world.course,
			"exits":     exits,
			"leftovers": leftovers,
			"programs":  programs,
			"size":      size,
			"statuses":  statuses,
			"strike":    strike,
			"until":     until,
		},
	})
}

// world is what all scripts share and none changes.
type world struct {
	root     string   // the checkout that is tested
	bin      string   // a folder with the grader in it
	warm     string   // a grader's cache that knows the demonstration
	goCaches []string // the go command's, as environment entries
}

func newWorld(t *testing.T) *world {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{root: root, bin: t.TempDir(), warm: t.TempDir()}
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		dir, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal("go env: ", err)
		}
		w.goCaches = append(w.goCaches, name+"="+strings.TrimSpace(string(dir)))
	}
	w.install(t)
	w.warmUp(t)
	return w
}

// install puts $GRADER, or a grader built from the checkout, into w.bin.
func (w *world) install(t *testing.T) {
	grader := filepath.Join(w.bin, "grader")
	if given := os.Getenv("GRADER"); given != "" {
		if !filepath.IsAbs(given) {
			t.Fatalf("GRADER=%s must be an absolute path", given)
		}
		if err := os.Symlink(given, grader); err != nil {
			t.Fatal(err)
		}
		return
	}
	build := exec.Command("go", "build", "-o", grader, "./grader")
	build.Dir = w.root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the grader does not build: %v\n%s", err, out)
	}
}

// warmUp grades what many scripts look at. What comes of it is for the scripts to judge.
func (w *world) warmUp(t *testing.T) {
	demo := filepath.Join(w.root, "grader/testdata/demo")
	small := filepath.Join(w.root, "grader/testdata/fixtures/small")
	for _, args := range [][]string{
		{"--course", demo, "--submission", filepath.Join(demo, "submission")},
		{"--course", small, "--submission", w.solved(t, small)},
	} {
		cmd := exec.Command(filepath.Join(w.bin, "grader"), append([]string{"grade"}, args...)...)
		cmd.Env = append(append(os.Environ(), w.goCaches...), "LOCKSTEP_CACHE="+w.warm)
		out, err := cmd.CombinedOutput()
		if cmd.ProcessState == nil {
			t.Fatal(err)
		}
		t.Logf("warm-up: %v\n%s", cmd.ProcessState, out)
	}
}

// solved lays out the solutions of a course as a submission.
func (w *world) solved(t *testing.T, course string) (dir string) {
	dir = t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "chapters"), os.DirFS(filepath.Join(course, "solutions"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// setup gives a script its environment: the machine's programs and Go caches, a home
// and a grader's cache of its own.
func (w *world) setup(e *testscript.Env) error {
	home := filepath.Join(e.WorkDir, "home")
	cache := filepath.Join(e.WorkDir, "cache")
	if err := os.Mkdir(home, 0o755); err != nil {
		return err
	}
	if err := os.CopyFS(cache, os.DirFS(w.warm)); err != nil {
		return err
	}
	e.Vars = append(e.Vars, w.goCaches...)
	e.Vars = append(e.Vars,
		"PATH="+w.bin+string(os.PathListSeparator)+os.Getenv("PATH"),
		"HOME="+home,
		"LOCKSTEP_CACHE="+cache,
		"DEMO="+filepath.Join(w.root, "grader/testdata/demo"),
		"SMALL="+filepath.Join(w.root, "grader/testdata/fixtures/small"),
		"TERM=xterm",
	)
	return nil
}

// condition knows [mounts]: whether a read-only mount can be made.
func condition(name string) (bool, error) {
	if name != "mounts" {
		return false, fmt.Errorf("unknown condition %q", name)
	}
	return exec.Command("unshare", "-m", "mount", "--bind", "-o", "ro", "/tmp", "/tmp").Run() == nil, nil
}
