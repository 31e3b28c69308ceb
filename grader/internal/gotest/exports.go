package gotest

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"lockstep/grader/interleave/rewrite"
)

// Present reports whether the export data of every package is still there: the go
// command trims its cache.
func Present(deps []rewrite.Dependency) bool {
	for _, d := range deps {
		if d.Export == "" {
			continue
		}
		if _, err := os.Stat(d.Export); err != nil {
			return false
		}
	}
	return len(deps) > 0
}

// Exports compiles the packages named and all that they import, race-enabled, and
// returns where their export data is. On a machine that has never done so this takes
// minutes; progress is then called with the number of packages compiled so far, by
// one goroutine. The code compiled is the course's own, not a submission's.
func (t *Toolchain) Exports(ctx context.Context, dir string, packages []string, progress func(compiled int)) ([]rewrite.Dependency, error) {
	args := append([]string{"build", "-race", "-v", "-buildvcs=false", "-tags", Tags}, packages...)
	cmd := exec.CommandContext(ctx, filepath.Join(t.Root, "bin", "go"), args...)
	cmd.Dir, cmd.Env = dir, t.env
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	said := count(stderr, progress)
	if err := cmd.Wait(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, setup(said)
	}
	args = append(slices.Clone(rewrite.ListArgs), "-buildvcs=false", "-tags", Tags)
	list := exec.CommandContext(ctx, filepath.Join(t.Root, "bin", "go"), append(args, packages...)...)
	list.Dir, list.Env = dir, t.env
	var out, errs bytes.Buffer
	list.Stdout, list.Stderr = &out, &errs
	if err := list.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, setup(errs.String())
	}
	return rewrite.DecodeList(&out)
}

// count calls progress for each line that names a package, and returns the other lines.
func count(r io.Reader, progress func(int)) (said string) {
	compiled := 0
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := lines.Text()
		if strings.ContainsAny(line, " :") || strings.HasPrefix(line, "#") {
			said += line + "\n"
			continue
		}
		compiled++
		progress(compiled)
	}
	return said
}

// setup turns what the go command said of the course's own code into a next step.
func setup(said string) error {
	switch {
	case strings.Contains(said, "module lookup disabled"), strings.Contains(said, "missing go.sum entry"),
		strings.Contains(said, "cannot find module"):
		return &SetupError{"the course's modules are not on this machine yet", "run `go mod download` once, with a network"}
	case strings.Contains(said, "requires go >="):
		return &SetupError{firstLine(said), "install a newer Go: https://go.dev/doc/install"}
	case strings.Contains(said, "C compiler"):
		return &SetupError{"there is no C compiler, and the race detector needs one",
			"install it: apt install gcc, dnf install gcc, or xcode-select --install"}
	}
	first := said
	if found := ParseDiagnostics(said); len(found) > 0 {
		first = found[0].Dir + "/" + found[0].String()
	}
	return fmt.Errorf("the course does not compile: %s\n%s", firstLine(first), strings.TrimSpace(said))
}
