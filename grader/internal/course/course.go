// Package course reads a course from its directory: chapters, manifests, rosters of
// checks and their points. What it reads is trusted; it is the instructor's, not the student's.
package course

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Name is the course's name in reports, and the path of its module.
const Name = "lockstep"

// Course is a course on disk.
type Course struct {
	Dir      string    // absolute path of the folder that holds chapters/
	Root     string    // absolute path of the module it belongs to: Dir, or a folder above it
	Chapters []Chapter // by number
}

// Chapter is one chapter of a course.
type Chapter struct {
	ID       string // folder name, "05-lock"
	Folder   string // its path below the module's root, with slashes: "chapters/05-lock"
	Manifest Manifest
	Checks   []Check           // in the order in which the hidden tests declare them; none without hidden tests
	Skeleton map[string][]byte // the student's files as they were handed out, by name
	Private  map[string][]byte // an instructor's own hidden tests, by name; see AddPrivate

	broken error // why the chapter cannot be used
}

// ErrNoCourse means that neither a directory nor its parents hold a course.
var ErrNoCourse = errors.New("no course here")

// Find returns the nearest directory at or above dir that holds a course.
func Find(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for at := dir; ; at = filepath.Dir(at) {
		if isDir(filepath.Join(at, "chapters")) && isFile(filepath.Join(at, "go.mod")) {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%w: neither %s nor a folder above it has chapters/ and go.mod", ErrNoCourse, dir)
		}
	}
}

var chapterID = regexp.MustCompile(`^[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*$`)

// Load reads the course in dir. A chapter that is not complete, or wrong, spoils none
// of the others: it is there with its folder alone, and Select refuses it.
func Load(dir string) (*Course, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(filepath.Join(dir, "chapters"))
	if err != nil {
		return nil, fmt.Errorf("%w: %s has no chapters/ that can be read", ErrNoCourse, dir)
	}
	root, err := moduleRoot(dir)
	if err != nil {
		return nil, err
	}
	below, err := filepath.Rel(root, dir)
	if err != nil {
		return nil, err
	}
	c := &Course{Dir: dir, Root: root}
	for _, e := range entries {
		if !e.IsDir() || !chapterID.MatchString(e.Name()) {
			continue
		}
		chapter, err := loadChapter(dir, e.Name())
		if err != nil {
			chapter = Chapter{ID: e.Name(), broken: fmt.Errorf("chapters/%s: %w", e.Name(), err)}
		}
		chapter.Folder = path.Join(filepath.ToSlash(below), "chapters", chapter.ID)
		c.Chapters = append(c.Chapters, chapter)
	}
	if len(c.Chapters) == 0 {
		return nil, fmt.Errorf("%w: %s has no chapters", ErrNoCourse, dir)
	}
	return c, nil
}

func loadChapter(dir, id string) (Chapter, error) {
	at := filepath.Join(dir, "chapters", id)
	manifest, err := readManifest(filepath.Join(at, "chapter.yaml"))
	if err != nil {
		return Chapter{}, err
	}
	var checks []Check
	if hidden := filepath.Join(at, "hidden"); isDir(hidden) { // the student edition may come without
		if checks, err = readRoster(hidden); err != nil {
			return Chapter{}, err
		}
	}
	skeleton := map[string][]byte{}
	for _, name := range manifest.Files {
		data, err := os.ReadFile(filepath.Join(at, "testdata", "skeleton", name))
		if err != nil {
			return Chapter{}, err
		}
		skeleton[name] = data
	}
	return Chapter{ID: id, Manifest: manifest, Checks: checks, Skeleton: skeleton}, nil
}

// moduleRoot returns the nearest folder at or above dir that has a go.mod.
func moduleRoot(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		if isFile(filepath.Join(at, "go.mod")) {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%w: no go.mod at or above %s", ErrNoCourse, dir)
		}
	}
}

// PackagePath is the import path of the chapter's package.
func (c *Chapter) PackagePath() string { return Name + "/" + c.Folder }

// HandedIn is where the chapter stands in a submission, with slashes.
func (c *Chapter) HandedIn() string { return "chapters/" + c.ID }

// HiddenFiles returns the names of the chapter's hidden test files. root is its module's.
func (c *Chapter) HiddenFiles(root string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(root, filepath.FromSlash(c.Folder), "hidden"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() && strings.HasSuffix(e.Name(), ".go") {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// Check returns the chapter's check of that name.
func (c *Chapter) Check(name string) (Check, bool) {
	i := slices.IndexFunc(c.Checks, func(k Check) bool { return k.Name == name })
	if i < 0 {
		return Check{}, false
	}
	return c.Checks[i], true
}

// MaxPoints is the sum of the points of the chapter's checks.
func (c *Chapter) MaxPoints() int {
	sum := 0
	for _, k := range c.Checks {
		sum += k.Points
	}
	return sum
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Type() == fs.FileMode(0)
}
