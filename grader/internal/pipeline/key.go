package pipeline

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"lockstep/grader/internal/cache"
	"lockstep/grader/internal/course"
)

// sourceHash is the hash of the sources that verdicts depend on, if whoever built this program
// says so (the Makefile does, with -ldflags=-X). Without it the program's own bytes stand in,
// in which reports, the name of the checkout and the commit are, too.
var sourceHash string

// machineKey hashes what every result depends on: this grader, the Go version, the
// sandbox, and the course's code that is compiled into every graded binary.
func machineKey(dir, goVersion, sandbox string) (string, error) {
	k := cache.NewKey("machine", goVersion, sandbox, sourceHash)
	files := []string{filepath.Join(dir, "go.mod"), filepath.Join(dir, "go.sum")}
	if sourceHash == "" {
		exe, err := os.Executable()
		if err != nil {
			return "", err
		}
		files = append(files, exe)
	}
	for _, pkg := range []string{"exam", "interleave"} {
		more, err := sources(filepath.Join(dir, "grader", pkg))
		if err != nil {
			return "", err
		}
		files = append(files, more...)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		k.Add(data)
	}
	return k.Sum(), nil
}

// sources lists the Go files below dir that are compiled into other packages.
func sources(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == "rewrite") {
			return filepath.SkipDir // rewrite is part of the grader itself
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			files = append(files, path)
		}
		return nil
	})
	slices.Sort(files)
	return files, err
}

// chapterKey hashes what the result of one chapter depends on besides the machine.
func chapterKey(machine, dir string, ch *course.Chapter, files map[string][]byte) (string, error) {
	k := cache.NewKey("chapter", machine, ch.ID, fmt.Sprintf("%+v", ch.Manifest))
	hidden, err := ch.HiddenFiles(dir)
	if err != nil {
		return "", err
	}
	for _, name := range hidden {
		data, err := os.ReadFile(filepath.Join(dir, ch.Folder, "hidden", name))
		if err != nil {
			return "", err
		}
		k.Add([]byte(name))
		k.Add(data)
	}
	for _, name := range ch.PrivateFiles() {
		k.Add([]byte(name))
		k.Add(ch.Private[name])
	}
	for _, name := range ch.Manifest.Files {
		k.Add([]byte(name))
		k.Add(ch.Skeleton[name])
		data, there := files[name]
		k.Add(fmt.Appendf(nil, "%t", there))
		k.Add(data)
	}
	return k.Sum(), nil
}
