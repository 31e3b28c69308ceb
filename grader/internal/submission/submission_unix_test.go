//go:build unix

package submission

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/course"
)

func chapter() *course.Chapter {
	return &course.Chapter{
		ID:       "05-lock",
		Folder:   "chapters/05-lock",
		Manifest: course.Manifest{Files: []string{"lock.go"}},
		Skeleton: map[string][]byte{"lock.go": []byte("package lock\n")},
	}
}

// checkout returns a checkout whose chapter folder holds files.
func checkout(t *testing.T, files map[string]string) (dir, folder string) {
	dir = t.TempDir()
	folder = filepath.Join(dir, "chapters", "05-lock")
	require.NoError(t, os.MkdirAll(folder, 0o755))
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644))
	}
	return dir, folder
}

func read(t *testing.T, dir string) Work {
	w, err := Read(dir, chapter())
	require.NoError(t, err)
	return w
}

func TestReadTakesTheListedFilesAlone(t *testing.T) {
	dir, _ := checkout(t, map[string]string{"lock.go": "package lock // mine\n", "helper.go": "package lock\n", "lock_test.go": "x", "notes.txt": "x"})
	w := read(t, dir)
	require.Equal(t, map[string][]byte{"lock.go": []byte("package lock // mine\n")}, w.Files)
	require.Equal(t, []string{"helper.go is not graded: put your answer into lock.go"}, w.Notes)
	require.Empty(t, w.Problems)
	require.False(t, w.NotStarted(chapter()))
}

func TestTheSkeletonIsNotStarted(t *testing.T) {
	dir, _ := checkout(t, map[string]string{"lock.go": "package lock\n"})
	w := read(t, dir)
	require.True(t, w.NotStarted(chapter()))
	dir, _ = checkout(t, map[string]string{"lock.go": "package lock\n\n"})
	w = read(t, dir)
	require.False(t, w.NotStarted(chapter()), "one byte more is a beginning")
}

func TestBadFilesAreToldApart(t *testing.T) {
	for name, c := range map[string]struct {
		make    func(t *testing.T, path string)
		want    string
		refused bool
	}{
		"missing":        {func(*testing.T, string) {}, "missing", false},
		"empty":          {write(" \n\t"), "empty", false},
		"not UTF-8":      {write("package lock // \xff\xfe"), "not UTF-8", true},
		"NUL":            {write("package lock\x00"), "not UTF-8", true},
		"an LFS pointer": {write("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"), "Git LFS", true},
		"too large":      {write("package lock\n" + strings.Repeat("// large\n", MaxFile/8)), "larger than", true},
		"a folder":       {func(t *testing.T, path string) { require.NoError(t, os.Mkdir(path, 0o755)) }, "a folder", true},
		"a pipe":         {func(t *testing.T, path string) { require.NoError(t, syscall.Mkfifo(path, 0o644)) }, "a device, pipe or socket", true},
		"a link to a secret": {func(t *testing.T, path string) {
			require.NoError(t, os.Symlink("/etc/passwd", path))
		}, "a symbolic link", true},
		"a link to a good file": {func(t *testing.T, path string) {
			write("package lock\n")(t, path+".real")
			require.NoError(t, os.Symlink("lock.go.real", path))
		}, "a symbolic link", true},
	} {
		t.Run(name, func(t *testing.T) {
			dir, folder := checkout(t, nil)
			c.make(t, filepath.Join(folder, "lock.go"))
			w := read(t, dir)
			require.Len(t, w.Problems, 1)
			require.Contains(t, w.Problems[0].Message, c.want)
			require.Equal(t, c.refused, w.Problems[0].Refused)
			require.False(t, w.NotStarted(chapter()))
		})
	}
}

func write(text string) func(*testing.T, string) {
	return func(t *testing.T, path string) { require.NoError(t, os.WriteFile(path, []byte(text), 0o644)) }
}

func TestALinkedChapterFolderIsRefused(t *testing.T) {
	other, folder := checkout(t, map[string]string{"lock.go": "package lock // somebody else's\n"})
	_ = other
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "chapters"), 0o755))
	require.NoError(t, os.Symlink(folder, filepath.Join(dir, "chapters", "05-lock")))
	w := read(t, dir)
	require.Empty(t, w.Files)
	require.Len(t, w.Problems, 1)
	require.True(t, w.Problems[0].Refused)
}

func TestAMissingCheckoutIsAnError(t *testing.T) {
	_, err := Read(filepath.Join(t.TempDir(), "nowhere"), chapter())
	require.Error(t, err)
}

func TestTheCapIsExact(t *testing.T) {
	text := append([]byte("package lock\n"), bytes.Repeat([]byte("/"), MaxFile-len("package lock\n"))...)
	dir, _ := checkout(t, map[string]string{"lock.go": string(text)})
	w := read(t, dir)
	require.Empty(t, w.Problems)
	dir, _ = checkout(t, map[string]string{"lock.go": string(text) + "/"})
	w = read(t, dir)
	require.Len(t, w.Problems, 1)
}

func TestAFileThatOnlySpeaksOfLFSIsRead(t *testing.T) {
	dir, _ := checkout(t, map[string]string{"lock.go": "package lock // version https://git-lfs.github.com/spec/v1\n"})
	require.Empty(t, read(t, dir).Problems)
}
