// Package gotest is the one place that runs the go command: offline, with an
// environment that is built and not inherited, under limits.
package gotest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"lockstep/grader/internal/sandbox"
)

// BuildLimits bounds one run of the go command on a submission. What is not the
// submission's own has been compiled by then (see Exports), so that it links and
// compiles a few files: seconds, on any machine.
var BuildLimits = sandbox.Limits{
	Wall:      2 * time.Minute,
	CPU:       45 * time.Second,
	Memory:    3 << 29,
	Output:    1 << 20,
	Processes: 4096,
	Disk:      512 << 20,
	Inodes:    1 << 20,
}

// Tags are the build tags of graded binaries: the hidden tests, and the rewritten world.
const Tags = "grade,interleave"

// Toolchain is the Go installation that builds submissions.
type Toolchain struct {
	Version  string         // "go1.26.8"
	Root     string         // GOROOT
	Cache    string         // GOCACHE
	ModCache string         // GOMODCACHE
	Limits   sandbox.Limits // of one build; BuildLimits unless set otherwise before the first
	env      []string
	box      sandbox.Sandbox
}

// Confine makes builds of submissions run in box: they see the toolchain, the module
// cache and what they are given, and write to the build cache and their own directory.
func (t *Toolchain) Confine(box sandbox.Sandbox) { t.box = box }

// SetupError says what the machine lacks, and the next step.
type SetupError struct {
	Problem string
	Next    string
}

func (e *SetupError) Error() string { return e.Problem + "\n  " + e.Next }

// Open asks the go command on PATH about itself. scratch is a directory for the go
// command's caches where the user has no home. Its error is a *SetupError.
func Open(ctx context.Context, scratch string) (*Toolchain, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return nil, &SetupError{"the go command is not on PATH", "install Go 1.26 or later: https://go.dev/doc/install"}
	}
	cmd := exec.CommandContext(ctx, path, "env", "-json", "GOVERSION", "GOROOT", "GOCACHE", "GOMODCACHE", "CC")
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local", "GOWORK=off")
	if _, err := os.UserCacheDir(); err != nil {
		cmd.Env = append(cmd.Env, "HOME="+scratch)
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, &SetupError{"go env: " + firstLine(errs.String()), "run `go env` and mend what it says"}
	}
	var vars struct{ GOVERSION, GOROOT, GOCACHE, GOMODCACHE, CC string }
	if err := json.Unmarshal(out.Bytes(), &vars); err != nil {
		return nil, &SetupError{"go env: " + err.Error(), "run `go env -json` and mend what it says"}
	}
	if minor := minorVersion(vars.GOVERSION); minor < minMinor {
		return nil, &SetupError{
			fmt.Sprintf("this is %s, and the course needs Go 1.%d or later", vars.GOVERSION, minMinor),
			"install a newer Go: https://go.dev/doc/install",
		}
	}
	t := &Toolchain{Version: vars.GOVERSION, Root: vars.GOROOT, Cache: vars.GOCACHE, ModCache: vars.GOMODCACHE, Limits: BuildLimits}
	t.env = []string{
		"PATH=" + filepath.Join(vars.GOROOT, "bin") + string(os.PathListSeparator) + os.Getenv("PATH"),
		"HOME=" + scratch,
		"GOROOT=" + vars.GOROOT,
		"GOCACHE=" + vars.GOCACHE,
		"GOMODCACHE=" + vars.GOMODCACHE,
		"CC=" + vars.CC,
		"CGO_ENABLED=1", "GOENV=off", "GOWORK=off", "GOFLAGS=-mod=readonly", "GOPROXY=off", "GOSUMDB=off",
		"GOTOOLCHAIN=local", "GOTELEMETRY=off", "LC_ALL=C",
	}
	return t, nil
}

// minMinor is the oldest Go 1.x that builds the course.
const minMinor = 26

// minorVersion returns the x of "go1.x.y", and of a development version one that is
// never too old.
func minorVersion(version string) int {
	rest, ok := strings.CutPrefix(version, "go1.")
	if !ok {
		return math.MaxInt
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(rest)
	}
	n, err := strconv.Atoi(rest[:end])
	if err != nil {
		return math.MaxInt
	}
	return n
}

// CheckCompiler reports, as a *SetupError, that there is no C compiler: the race
// detector needs cgo.
func (t *Toolchain) CheckCompiler() error {
	for _, v := range t.env {
		cc, ok := strings.CutPrefix(v, "CC=")
		if !ok {
			continue
		}
		name, _, _ := strings.Cut(cc, " ")
		if _, err := exec.LookPath(name); err != nil {
			return &SetupError{
				"there is no C compiler (" + name + "), and the race detector needs one",
				"install it: apt install gcc, dnf install gcc, or xcode-select --install",
			}
		}
	}
	return nil
}

// goCommand runs the go command in dir, confined and under limits. It may write below
// work.
func (t *Toolchain) goCommand(ctx context.Context, dir, work string, args ...string) (sandbox.Outcome, error) {
	readable := []string{dir, t.Root, t.ModCache}
	for _, system := range []string{"/bin", "/lib", "/lib64", "/usr"} { // the C compiler's
		if _, err := os.Stat(system); err == nil {
			readable = append(readable, system)
		}
	}
	o := t.box.Run(ctx, sandbox.Command{
		Path:     filepath.Join(t.Root, "bin", "go"),
		Args:     args,
		Env:      t.env,
		Dir:      dir,
		ReadOnly: readable,
		Writable: []string{t.Cache, work},
		Proc:     true, // the go command looks itself up there
	}, t.Limits)
	if err := ctx.Err(); err != nil {
		return o, err
	}
	if o.End == sandbox.Trouble {
		return o, o.Err
	}
	return o, nil
}

// ended says how a run of the go command that was stopped ended.
func ended(o sandbox.Outcome) string {
	switch o.End {
	case sandbox.WallLimit, sandbox.CPULimit:
		return "it takes longer to compile than any answer needs"
	case sandbox.MemoryLimit, sandbox.ProcessLimit:
		return "it takes more memory to compile than any answer needs"
	case sandbox.OutputLimit:
		return "the compiler says more than anybody could read"
	}
	return fmt.Sprintf("the go command exited with status %d", o.ExitCode)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
