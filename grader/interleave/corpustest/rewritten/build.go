// Package rewritten builds the corpus's test binary from rewritten sources.
package rewritten

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"lockstep/grader/interleave/rewrite"
)

const (
	testPath   = "lockstep/grader/interleave/corpustest"
	corpusPath = "lockstep/grader/interleave/testdata/corpus/"
	copyPath   = rewrite.RuntimePath + "/xsync"
)

// Build writes into dir a race-enabled test binary of package corpustest in which the
// programs of the corpus, and what they use of golang.org/x/sync, are rewritten, and
// returns its path. It runs the go command in the current directory, which must be in
// the module. A construct that the rewriter refuses is an error.
func Build(ctx context.Context, dir string) (string, error) {
	overlay, err := stage(ctx, dir)
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "corpus.test")
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-race", "-vet=off", "-tags=interleave", "-overlay="+overlay, "-o", binary, testPath)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go test -c: %w\n%s", err, out)
	}
	return binary, nil
}

// stage writes the rewritten files into dir and returns the path of their overlay.
func stage(ctx context.Context, dir string) (string, error) {
	list, err := rewrite.List(ctx, ".", testPath, rewrite.RuntimePath)
	if err != nil {
		return "", err
	}
	root, err := moduleRoot(list)
	if err != nil {
		return "", err
	}
	rewriter := rewrite.New(rewrite.Config{
		Dependencies: list,
		CopyPath:     copyPath,
		CopyDir:      filepath.Join(root, "grader", "interleave", "rt", "xsync"),
	})
	replace := map[string]string{}
	write := func(path string, text []byte) error {
		to := filepath.Join(dir, strconv.Itoa(len(replace))+"_"+filepath.Base(path))
		replace[path] = to
		return os.WriteFile(to, text, 0o600)
	}
	for _, d := range list {
		if !strings.HasPrefix(d.ImportPath, corpusPath) {
			continue
		}
		files, err := rewriteProgram(rewriter, d)
		if err != nil {
			return "", err
		}
		for name, text := range files {
			if err := write(filepath.Join(d.Dir, name), text); err != nil {
				return "", err
			}
		}
	}
	for path, text := range rewriter.Copies() {
		if err := write(path, text); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o600)
}

// rewriteProgram returns the rewritten files of one program by name.
func rewriteProgram(rewriter *rewrite.Rewriter, d rewrite.Dependency) (map[string][]byte, error) {
	p := rewrite.Package{Path: d.ImportPath, Dir: d.Dir, Files: map[string][]byte{}, Restarts: true}
	for _, name := range d.GoFiles {
		source, err := os.ReadFile(filepath.Join(d.Dir, name))
		if err != nil {
			return nil, err
		}
		p.Files[name] = source
	}
	result, err := rewriter.Rewrite(p, rewrite.Control)
	if err == nil && len(result.Refusals) > 0 {
		err = fmt.Errorf("%s: %v", d.ImportPath, result.Refusals)
	}
	return result.Files, err
}

// moduleRoot returns the directory of the module, told from where package corpustest is.
func moduleRoot(list []rewrite.Dependency) (string, error) {
	for _, d := range list {
		if d.ImportPath == testPath {
			return filepath.Dir(filepath.Dir(filepath.Dir(d.Dir))), nil
		}
	}
	return "", errors.New("package " + testPath + " is not listed")
}
