package explore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// The explorer's own packages are put beside the module that is explored: in a module
// of their own, in the user's cache, which a go.work file of ours joins to it. That
// module requires nothing, so no version of a dependency changes.

const (
	interleavePath = "lockstep/grader/interleave"
	copiesPath     = interleavePath + "/rt/xsync"
	ownModule      = "lockstep"
	goMod          = "module lockstep\n\ngo 1.26.0\n"
)

// instrumentDir returns the directory of a module with the explorer's packages. It is
// made once for each version of them: compiled packages stay in the build cache only
// if their directory stays.
func instrumentDir(ctx context.Context) (string, error) {
	root, err := sourceRoot()
	if err != nil {
		return "", err
	}
	packages, err := list(ctx, root, "-deps", interleavePath)
	if err != nil {
		return "", err
	}
	files := map[string][]byte{"go.mod": []byte(goMod)}
	for _, p := range packages {
		if p.Standard {
			continue
		}
		for _, name := range slices.Concat(p.GoFiles, p.SFiles, p.HFiles) {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				return "", err
			}
			for _, q := range packages { // packages of other modules become part of this one
				if !q.Standard {
					text = bytes.ReplaceAll(text, []byte(`"`+q.ImportPath+`"`), []byte(`"`+within(q.ImportPath)+`"`))
				}
			}
			files[strings.TrimPrefix(within(p.ImportPath), ownModule+"/")+"/"+name] = text
		}
	}
	return keep(files)
}

// within returns the import path of a package in the module that is made.
func within(path string) string {
	if strings.HasPrefix(path, ownModule+"/") {
		return path
	}
	return ownModule + "/" + path
}

// keep writes files to a directory of the user's cache that is named after them, unless
// it is there, and returns it.
func keep(files map[string][]byte) (string, error) {
	sum := sha256.New()
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(sum, "%s %d\n%s", name, len(files[name]), files[name])
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	cache = filepath.Join(cache, "lockstep")
	dir := filepath.Join(cache, fmt.Sprintf("explore-%x", sum.Sum(nil)[:10]))
	if _, err := os.Stat(dir); err == nil {
		now := time.Now() // it is in use: the cache removes what is not
		os.Chtimes(dir, now, now)
		return dir, nil
	}
	if err := os.MkdirAll(cache, 0o777); err != nil {
		return "", err
	}
	temporary, err := os.MkdirTemp(cache, "new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(temporary)
	for _, name := range names {
		file := filepath.Join(temporary, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return "", err
		}
		if err := os.WriteFile(file, files[name], 0o666); err != nil {
			return "", err
		}
	}
	if err := os.Rename(temporary, dir); err != nil {
		if _, there := os.Stat(dir); there != nil { // else someone else was faster
			return "", err
		}
	}
	return dir, nil
}

// workspace writes a go.work file beneath work that joins the module in dir to those
// that the target is built with, and returns its name.
func (t *target) workspace(ctx context.Context, dir, work string) (string, error) {
	name := filepath.Join(work, "go.work")
	old, err := goCommand(ctx, t.dir, "env", "GOWORK")
	if err != nil {
		return "", err
	}
	text := "go 1.26.0\n\nuse " + quote(t.root) + "\n"
	if theirs := strings.TrimSpace(string(old)); theirs != "" && theirs != "off" {
		if text, err = absolute(ctx, theirs); err != nil {
			return "", err
		}
	}
	text += "use " + quote(dir) + "\n"
	return name, os.WriteFile(name, []byte(text), 0o600)
}

func quote(path string) string { return fmt.Sprintf("%q", filepath.ToSlash(path)) }

// sourceRoot returns the directory of the module that this program was built from.
func sourceRoot() (string, error) {
	_, file, _, ok := runtime.Caller(0)
	root := filepath.Dir(filepath.Dir(filepath.Dir(filepath.Dir(file))))
	if _, err := os.Stat(filepath.Join(root, "go.mod")); !ok || err != nil {
		return "", errors.New("the grader's sources are not where it was built: build it again in its checkout, without -trimpath")
	}
	return root, nil
}
