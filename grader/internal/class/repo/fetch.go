package repo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
)

// Source is where a repository is and what is wanted of it.
type Source struct {
	Where   string // a folder, bare or with .git in it, or a URL
	Branch  string // "" for the repository's own main branch
	History bool   // all commits, not only the last
}

// graded is the ref that holds what was fetched.
const graded = "refs/graded"

// The protocols, as GIT_ALLOW_PROTOCOL takes them.
const (
	local  = "file"
	remote = "https:http:ssh"
)

var (
	webAddress = regexp.MustCompile(`^(https?|ssh)://[A-Za-z0-9@\[][^\s\x00-\x1f]*$`)
	sshAddress = regexp.MustCompile(`^[A-Za-z0-9._]+@[A-Za-z0-9][A-Za-z0-9.-]*:[^-:\s][^\s\x00-\x1f]*$`)
)

// noEntry is what git says where it lacks a password, has a wrong one, or one that is
// somebody's who may not look: to him GitHub denies that there is anything.
var noEntry = regexp.MustCompile(`^(could not read (Username|Password)|Authentication failed|repository '.*' not found)`)

// IsRemote reports whether where is the address of a repository on another machine.
func IsRemote(where string) bool {
	return webAddress.MatchString(where) || sshAddress.MatchString(where)
}

// CheckAddress refuses what is neither the address of another machine nor a path: git
// takes "ext::" for a command to run, and a dash for an option.
func CheckAddress(where string) error {
	switch {
	case where == "":
		return errors.New("there is no repository")
	case IsRemote(where):
		return nil
	case strings.HasPrefix(where, "-"), strings.Contains(where, "::"), strings.Contains(where, "://"), strings.ContainsFunc(where, unicode.IsControl):
		return fmt.Errorf("%q is no address of a repository: https, ssh or a folder", where)
	}
	return nil
}

// CheckBranch refuses what git would not take for the name of a branch, or for more than one.
func CheckBranch(name string) error {
	bad := strings.HasPrefix(name, "-") || strings.HasPrefix(name, "/") || strings.HasSuffix(name, "/") ||
		strings.HasSuffix(name, ".lock") || strings.HasSuffix(name, ".") || strings.HasPrefix(name, ".") || strings.Contains(name, "/.") ||
		strings.Contains(name, "..") || strings.Contains(name, "//") || strings.Contains(name, "@{") || name == "@" || len(name) > 200 ||
		strings.ContainsFunc(name, func(r rune) bool {
			return unicode.IsControl(r) || unicode.IsSpace(r) || strings.ContainsRune(`~^:?*[\`, r)
		})
	if bad {
		return fmt.Errorf("%q is no name of a branch", name)
	}
	return nil
}

// Dir returns the git directory of a repository in a folder, "" when the folder is none.
// A repository that has parts in other places is refused: they could be other students'.
func Dir(folder string) (string, error) {
	dir := folder
	info, err := os.Lstat(filepath.Join(folder, ".git"))
	switch {
	case err == nil && info.IsDir():
		dir = filepath.Join(folder, ".git")
	case err == nil:
		return "", errors.New("its .git is no folder but points elsewhere: clone it as a repository of its own")
	case !isBare(folder):
		return "", nil
	}
	for _, name := range []string{"commondir", "objects/info/alternates", "objects/info/http-alternates"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("it borrows from another repository (%s): clone it without --shared or --reference", name)
		}
	}
	for _, name := range []string{".", "objects", "objects/pack"} {
		entries, err := os.ReadDir(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		for _, e := range entries {
			if e.Type()&fs.ModeSymlink != 0 {
				return "", fmt.Errorf("its %s is a symbolic link: clone it as a repository of its own", filepath.Join(name, e.Name()))
			}
		}
	}
	return dir, nil
}

func isBare(dir string) bool {
	for _, name := range []string{"objects", "refs"} {
		if info, err := os.Lstat(filepath.Join(dir, name)); err != nil || !info.IsDir() {
			return false
		}
	}
	info, err := os.Lstat(filepath.Join(dir, "HEAD"))
	return err == nil && info.Mode().IsRegular()
}

// Fetch brings the branch's commits into the bare clone at dir, which it makes when it
// is not there. What one fetch brought, the next need not.
func (g *Git) Fetch(ctx context.Context, dir string, s Source) error {
	if err := errors.Join(CheckAddress(s.Where), CheckBranch(s.Branch)); err != nil {
		return err
	}
	where, protocols := s.Where, remote
	if !IsRemote(where) {
		at, err := Dir(where)
		if err != nil {
			return err
		}
		if at == "" {
			return fmt.Errorf("there is no repository at %s", where)
		}
		if where, err = filepath.Abs(at); err != nil {
			return err
		}
		protocols = local
	}
	if err := makeBare(dir); err != nil {
		return err
	}
	unlock(dir)
	args := []string{"fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--force"}
	shallow := exists(filepath.Join(dir, "shallow"))
	switch {
	case !s.History:
		args = append(args, "--depth=1")
	case shallow:
		args = append(args, "--unshallow")
	}
	if protocols == local {
		args = append(args, "--upload-pack="+uploadPack())
	}
	from := "HEAD"
	if s.Branch != "" {
		from = "refs/heads/" + s.Branch
	}
	err := g.run(ctx, dir, protocols, append(args, "--", where, "+"+from+":"+graded)...)
	switch {
	case err == nil || ctx.Err() != nil:
		return err
	case strings.HasPrefix(err.Error(), "couldn't find remote ref") && s.Branch == "":
		return errors.New("the repository is empty")
	case strings.HasPrefix(err.Error(), "couldn't find remote ref"):
		return fmt.Errorf("the repository has no branch %s", s.Branch)
	case noEntry.MatchString(err.Error()):
		return errors.New("it is private, or not there: git has no password that opens it; on GitHub `gh auth setup-git` gives it one")
	}
	return fmt.Errorf("it cannot be fetched: %w", err)
}

// makeBare makes an empty bare repository as `git init` does, without its templates.
func makeBare(dir string) error {
	if exists(filepath.Join(dir, "HEAD")) {
		return nil
	}
	for _, sub := range []string{"objects", "refs"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return err
		}
	}
	config := "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600); err != nil {
		return err
	}
	// HEAD comes last: with it the repository counts as made. It is a branch that will never be.
	return os.WriteFile(filepath.Join(dir, "HEAD"), []byte("ref: refs/heads/none\n"), 0o600)
}

// unlock removes what a fetch that was killed left: nobody else fetches into our clones.
func unlock(dir string) {
	for _, pattern := range []string{"*.lock", "refs/*.lock", "objects/pack/tmp_*"} {
		left, _ := filepath.Glob(filepath.Join(dir, pattern))
		for _, file := range left {
			os.Remove(file)
		}
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
