package class

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"lockstep/grader/internal/class/archive"
	"lockstep/grader/internal/class/repo"
	"lockstep/grader/internal/class/roster"
)

// Entry is one student and where their work is.
type Entry struct {
	ID       string // roster.CheckID has nothing against it; unique in the class
	Name     string
	Username string
	Where    string // a folder, an archive or the address of a repository
	Branch   string // "" for --branch, or the repository's main branch
	Trouble  string // why there is nothing to read
}

// Source is a class: its students by id, and what could not be read of it.
type Source struct {
	Entries []Entry
	Lines   []string // a line for each of which no student could be made
}

// OpenSource reads who is in a class from a roster (CSV), a folder of checkouts, bare
// repositories and archives, or one archive of them. repos says where the repositories
// are of a roster that does not: a folder, or an address with {username} or {id} in it.
// What an archive holds is unpacked below work, as far as it could be graded.
func OpenSource(path, repos, work string, wanted archive.Wanted) (*Source, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, &UsageError{fmt.Sprintf("%s cannot be read: %v", path, errors.Unwrap(err)), "give a folder of checkouts, a roster (CSV) or an archive"}
	}
	var s *Source
	switch {
	case info.IsDir():
		s, err = fromFolder(path)
	case archive.Is(path):
		s, err = fromArchive(path, work, wanted)
	case strings.EqualFold(filepath.Ext(path), ".csv"):
		s, err = fromRoster(path, repos)
	default:
		return nil, &UsageError{path + " is neither a folder, nor a roster (.csv), nor an archive (.zip, .tar, .tar.gz, .tgz)", "give one of these"}
	}
	if err != nil {
		return nil, err
	}
	s.unique()
	if len(s.Entries)+len(s.Lines) == 0 {
		return nil, &UsageError{path + " holds no submissions", "it should have a folder, repository or archive for each student"}
	}
	return s, nil
}

// fromFolder makes a student of each folder and archive in dir.
func fromFolder(dir string) (*Source, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	if isDir(filepath.Join(dir, "chapters")) || isDir(filepath.Join(dir, "objects")) && isDir(filepath.Join(dir, "refs")) {
		return nil, &UsageError{dir + " is one submission, not a class", "give the folder above it, or use `grade --submission " + dir + "`"}
	}
	s := &Source{}
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") || name == "__MACOSX" || !e.IsDir() && e.Type()&fs.ModeSymlink == 0 && !archive.Is(name) {
			continue // what file managers leave, and notes
		}
		if e.Type()&fs.ModeSymlink != 0 {
			s.Lines = append(s.Lines, name+" is a symbolic link, and is not followed")
			continue
		}
		id, person := idOf(name)
		if err := roster.CheckID(id); err != nil {
			s.Lines = append(s.Lines, err.Error())
			continue
		}
		s.Entries = append(s.Entries, Entry{ID: id, Name: person, Where: filepath.Join(dir, name)})
	}
	return s, nil
}

// How learning platforms name what they export: the person and a number of theirs.
var (
	moodle = regexp.MustCompile(`^(.+)_([0-9]+)_assignsubmission_(?:file|onlinetext)`)
	canvas = regexp.MustCompile(`^([a-z][a-z-]*)(?:_LATE)?_([0-9]+)_[0-9]+_.+\.`)
)

// idOf makes an id of the name of a folder or archive, and knows the person's name where
// a platform put it there.
func idOf(name string) (id, person string) {
	for _, exported := range []*regexp.Regexp{moodle, canvas} {
		if m := exported.FindStringSubmatch(name); m != nil {
			return m[2], m[1]
		}
	}
	return strings.TrimSuffix(archive.Base(name), ".git"), ""
}

// fromArchive unpacks an archive of a class, and makes a student of each folder and
// archive in it. One that holds a single submission is a class of one.
func fromArchive(path, work string, wanted archive.Wanted) (*Source, error) {
	if id, _ := idOf(filepath.Base(path)); archive.Single(path) {
		if err := roster.CheckID(id); err != nil {
			return nil, &UsageError{err.Error(), "rename " + path}
		}
		return &Source{Entries: []Entry{{ID: id, Where: path}}}, nil
	}
	dir := filepath.Join(work, "unpacked")
	lines, err := archive.Unpack(path, dir, wanted)
	if err != nil {
		return nil, &UsageError{fmt.Sprintf("%s cannot be unpacked: %v", path, err), "unpack it yourself, and give the folder"}
	}
	s, err := fromFolder(dir)
	if err != nil {
		return nil, err
	}
	s.Lines = append(lines, s.Lines...)
	return s, nil
}

// fromRoster makes a student of each line of a roster.
func fromRoster(path, repos string) (*Source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, problems, err := roster.Read(f)
	if err != nil {
		return nil, &UsageError{fmt.Sprintf("%s: %v", path, err), "the first line names the columns; `grader class --help` shows them"}
	}
	where, err := places(path, repos, rows)
	if err != nil {
		return nil, err
	}
	s := &Source{}
	for _, p := range problems {
		s.Lines = append(s.Lines, filepath.Base(path)+" "+p.String())
	}
	for _, row := range rows {
		e := Entry{ID: row.ID, Name: row.Name, Username: row.Username, Branch: row.Branch}
		var err error
		e.Where, err = where(row)
		if err = cmp.Or(err, repo.CheckBranch(row.Branch)); err != nil {
			e.Trouble = err.Error()
		}
		s.Entries = append(s.Entries, e)
	}
	return s, nil
}

// unique sorts the students by id. Ids that a file system may not tell apart are none.
func (s *Source) unique() {
	count := map[string]int{}
	for _, e := range s.Entries {
		count[strings.ToLower(e.ID)]++
	}
	s.Entries = slices.DeleteFunc(s.Entries, func(e Entry) bool {
		if count[strings.ToLower(e.ID)] == 1 {
			return false
		}
		s.Lines = append(s.Lines, fmt.Sprintf("the id %s is there more than once (%s): none of them is graded", e.ID, filepath.Base(e.Where)))
		return true
	})
	slices.SortFunc(s.Entries, func(a, b Entry) int { return strings.Compare(a.ID, b.ID) })
}

func isDir(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.IsDir()
}
