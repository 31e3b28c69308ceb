package gotest

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"lockstep/grader/internal/sandbox"
)

// Diagnostic is one finding of the compiler or of go vet.
type Diagnostic struct {
	File    string // base name, "" when the finding is about the whole
	Dir     string // the folder below the course's, with slashes: "chapters/05-lock"
	Line    int
	Column  int
	Message string
}

// Build compiles the test binary of pkg ("./chapters/05-lock/hidden"), race-enabled,
// in the course at dir with the overlay file, to the file out.
// Diagnostics say why the code does not compile; an error, why nothing is known.
func (t *Toolchain) Build(ctx context.Context, dir, pkg, overlay, out string) ([]Diagnostic, error) {
	o, err := t.goCommand(ctx, dir, filepath.Dir(out), "test", "-c", "-race", "-vet=off", "-buildvcs=false",
		"-tags", Tags, "-ldflags=-s -w", "-overlay", overlay, "-o", out, pkg)
	return conclude(o, err)
}

// Vet runs go vet on pkg in the course at dir with the overlay file.
func (t *Toolchain) Vet(ctx context.Context, dir, pkg, overlay string) ([]Diagnostic, error) {
	o, err := t.goCommand(ctx, dir, filepath.Dir(overlay), "vet", "-race", "-buildvcs=false", "-overlay", overlay, pkg)
	return conclude(o, err)
}

func conclude(o sandbox.Outcome, err error) ([]Diagnostic, error) {
	if err != nil || o.End == sandbox.Exited && o.ExitCode == 0 {
		return nil, err
	}
	if o.End != sandbox.Exited {
		return []Diagnostic{{Message: ended(o)}}, nil
	}
	found := ParseDiagnostics(string(o.Stderr))
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: %s", ended(o), strings.TrimSpace(string(o.Stderr)))
	}
	return found, nil
}

var diagnosticLine = regexp.MustCompile(`^(?:vet: )?(\S+\.go):(\d+)(?::(\d+))?: (.*)$`)

// ParseDiagnostics reads the compiler's or vet's lines, "chapters/05-lock/lock.go:12:5: message".
func ParseDiagnostics(text string) []Diagnostic {
	var found []Diagnostic
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		m := diagnosticLine.FindStringSubmatch(line)
		if m == nil {
			if n := len(found); n > 0 && strings.HasPrefix(line, "\t") {
				found[n-1].Message += "\n" + line
			}
			continue
		}
		d := Diagnostic{
			File:    filepath.Base(m[1]),
			Dir:     strings.TrimPrefix(filepath.ToSlash(filepath.Dir(m[1])), "./"),
			Message: m[4],
		}
		d.Line, _ = strconv.Atoi(m[2])
		d.Column, _ = strconv.Atoi(m[3])
		found = append(found, d)
	}
	return found
}

// String prints a diagnostic as a compiler does, with the file's base name.
func (d Diagnostic) String() string {
	if d.File == "" {
		return d.Message
	}
	if d.Line == 0 {
		return fmt.Sprintf("%s: %s", d.File, d.Message)
	}
	return fmt.Sprintf("%s:%d: %s", d.File, d.Line, d.Message)
}
