package archive

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// below lists the files below dir.
func below(t *testing.T, dir string) (names []string) {
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path)
			names = append(names, filepath.ToSlash(name))
		}
		return err
	}))
	return names
}

func TestAClassIsUnpacked(t *testing.T) {
	inner := string(zipped(t, []item{{name: lock, text: "package lock // cy\n"}}))
	items := []item{
		{name: "ada/" + lock, text: "package lock // ada\n"},
		{name: "ada/chapters/05-lock/notes.txt", text: "x"},
		{name: "ada/.git/hooks/post-checkout", text: "#!/bin/sh\n"},
		{name: "ben/lockstep-main/" + lock, text: "package lock // ben\n"},
		{name: "cy/answer.zip", text: inner},
		{name: "di.zip", text: inner},
		{name: "ed/report.pdf", text: "x"},
		{name: "fay/" + lock, text: "/etc/passwd", mode: fs.ModeSymlink},
		{name: "__MACOSX/ada/" + lock, text: "x"},
	}
	eachFormat(t, items, func(t *testing.T, file string) {
		require.False(t, Single(file))
		dir := filepath.Join(t.TempDir(), "class")
		lines, err := Unpack(file, dir, wanted)
		require.NoError(t, err)
		require.Empty(t, lines)
		require.Equal(t, []string{"ada/" + lock, "ben/lockstep-main/" + lock, "cy/answer.zip", "di.zip"}, below(t, dir))
		for _, id := range []string{"ed", "fay"} {
			require.DirExists(t, filepath.Join(dir, id), "a student is not forgotten")
		}
		tree, err := Read(filepath.Join(dir, "di.zip"), wanted)
		require.NoError(t, err)
		data, err := tree.File(lock)
		require.NoError(t, err)
		require.Equal(t, "package lock // cy\n", string(data))
	})
}

func TestOneBadNameSpoilsNoOther(t *testing.T) {
	long := strings.Repeat("x", 300)
	items := []item{
		{name: "../evil/" + lock, text: "x"},
		{name: "/abs/" + lock, text: "x"},
		{name: long + "/" + lock, text: "x"},
		{name: "ada/" + lock, text: "package lock\n"},
	}
	eachFormat(t, items, func(t *testing.T, file string) {
		outside := t.TempDir()
		lines, err := Unpack(file, filepath.Join(outside, "class"), wanted)
		require.NoError(t, err)
		require.Len(t, lines, 3)
		require.Equal(t, []string{"class/ada/" + lock}, below(t, outside))
		_, err = os.Lstat("/abs")
		require.ErrorIs(t, err, fs.ErrNotExist)
	})
}

func TestASingleSubmissionIsNoClass(t *testing.T) {
	eachFormat(t, []item{{name: lock, text: "x"}, {name: "README.md", text: "x"}}, func(t *testing.T, file string) {
		require.True(t, Single(file))
	})
	require.True(t, Single(store(t, "ada.zip", []byte("damaged"))))
}
