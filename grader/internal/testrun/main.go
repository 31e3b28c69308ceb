// Command testrun is `make test`: the grader's own tests, the script tests and the
// course grading itself, with one summary line at the end.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// event is a line of `go test -json` (go doc test2json).
type event struct {
	Action, Package, Test, Output string
	ImportPath                    string // of a build's output
}

// tally counts tests; packages that fail without a failing test count as one.
type tally struct{ passed, failed, skipped int }

func main() {
	grader := flag.String("grader", "bin/grader", "the grader's binary")
	flag.Parse()
	path, err := filepath.Abs(*grader)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	start := time.Now()
	var t tally
	t.goTest(".", nil, "-race", "./grader/...")
	// Litmus tests only run without the detector; and the examples of a skeleton may race.
	t.goTest(".", nil, "./grader/interleave/internal/search", "./chapters/...", "./solutions/...")
	t.references()
	t.goTest("grader/scripts", []string{"GRADER=" + path}, "./...")
	t.check(path)
	fmt.Printf("\nmake test took %s\n%d passed, %d failed, %d skipped\n", time.Since(start).Round(time.Second), t.passed, t.failed, t.skipped)
	if t.failed > 0 {
		os.Exit(1)
	}
}

// patience is go test's -timeout, for a package: no test is to fail because the machine is busy.
const patience = "40m"

// summary is a line in which a test of many things counts them.
var summary = regexp.MustCompile(`hostile: \d+ submissions`)

// goTest runs the go command in dir and prints what failed and what was skipped.
func (t *tally) goTest(dir string, env []string, args ...string) {
	cmd := exec.Command("go", append([]string{"test", "-json", "-count=1", "-timeout", patience}, args...)...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Println(err)
		t.failed++
		return
	}
	before := t.failed
	t.count(out)
	if err := cmd.Wait(); err != nil && t.failed == before {
		fmt.Println("go test:", err)
		t.failed++
	}
}

// references runs the examples as a student does whose answers are the references.
func (t *tally) references() {
	inPlaceOf := map[string]string{}
	answers, _ := filepath.Glob("solutions/*/*.go")
	for _, answer := range answers {
		inPlaceOf[strings.Replace(answer, "solutions", "chapters", 1)] = answer
	}
	text, _ := json.Marshal(map[string]any{"Replace": inPlaceOf})
	overlay := filepath.Join(os.TempDir(), fmt.Sprintf("lockstep-references-%d.json", os.Getpid()))
	defer os.Remove(overlay)
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		fmt.Println(err)
		t.failed++
		return
	}
	t.goTest(".", nil, "-race", "-overlay", overlay, "./chapters/...")
}

func (t *tally) count(r io.Reader) {
	said := map[string]string{} // by package and test
	failedIn := map[string]bool{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text())
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "output":
			said[key] += e.Output
			if summary.MatchString(e.Output) {
				fmt.Print(e.Output)
			}
		case "build-output":
			fmt.Print(e.Output)
		case "pass":
			if e.Test != "" {
				t.passed++
			} else {
				fmt.Printf("ok      %s\n", e.Package)
			}
			delete(said, key)
		case "skip":
			if e.Test != "" {
				t.skipped++
				fmt.Print(said[key])
			}
			delete(said, key)
		case "fail":
			if e.Test != "" || !failedIn[e.Package] {
				t.failed++
			}
			failedIn[e.Package] = true
			if e.Test == "" { // of tests that ended with their process nothing else is told
				for other, text := range said {
					if strings.HasPrefix(other, e.Package+" ") {
						fmt.Print(text)
					}
				}
				continue
			}
			fmt.Print(said[key])
			delete(said, key)
		}
	}
}

// check lets the course grade itself; it counts as one test.
func (t *tally) check(grader string) {
	cmd := exec.Command(grader, "check")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		fmt.Println("grader check:", err)
		t.failed++
		return
	}
	t.passed++
}
