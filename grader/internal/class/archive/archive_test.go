package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/course"
	"lockstep/grader/internal/submission"
)

const lock = "chapters/05-lock/lock.go"

var (
	wanted  = Wanted{lock: true}
	chapter = &course.Chapter{ID: "05-lock", Manifest: course.Manifest{Files: []string{"lock.go"}}}
)

// item is a file of an archive; a link has a target as its text.
type item struct {
	name, text string
	mode       fs.FileMode
}

// formats are the ways of packing.
var formats = map[string]func(t testing.TB, items []item) []byte{
	"zip":    zipped,
	"tar":    tarred,
	"tar.gz": func(t testing.TB, items []item) []byte { return gzipped(t, tarred(t, items)) },
}

func zipped(t testing.TB, items []item) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, i := range items {
		h := &zip.FileHeader{Name: i.name, Method: zip.Deflate}
		h.SetMode(0o644 | i.mode)
		w, err := z.CreateHeader(h)
		require.NoError(t, err)
		_, err = w.Write([]byte(i.text))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func tarred(t testing.TB, items []item) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, i := range items {
		h := &tar.Header{Name: i.name, Mode: 0o644, Size: int64(len(i.text)), Typeflag: tar.TypeReg}
		switch {
		case i.mode&fs.ModeSymlink != 0:
			h.Typeflag, h.Linkname, h.Size = tar.TypeSymlink, i.text, 0
		case i.mode&fs.ModeNamedPipe != 0:
			h.Typeflag, h.Size = tar.TypeFifo, 0
		}
		require.NoError(t, w.WriteHeader(h))
		if h.Size > 0 {
			_, err := w.Write([]byte(i.text))
			require.NoError(t, err)
		}
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

func gzipped(t testing.TB, data []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(data)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

func store(t testing.TB, name string, data []byte) string {
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

// eachFormat runs a test with an archive of the items in every format.
func eachFormat(t *testing.T, items []item, f func(t *testing.T, file string)) {
	for ext, pack := range formats {
		t.Run(ext, func(t *testing.T) { f(t, store(t, "ada."+ext, pack(t, items))) })
	}
}

func TestASubmissionIsReadFromAnArchive(t *testing.T) {
	for name, items := range map[string][]item{
		"at the top": {{name: lock, text: "package lock // mine\n"}, {name: "go.mod", text: "module evil\n"}},
		"as GitHub packs": {
			{name: "lockstep-main/README.md", text: "x"}, {name: "lockstep-main/" + lock, text: "package lock // mine\n"}},
		"as macOS packs": {
			{name: "__MACOSX/" + lock, text: "junk"}, {name: "work/" + lock, text: "package lock // mine\n"}},
		"with a copy further down": {
			{name: "a/b/old/" + lock, text: "package lock // old\n"}, {name: "z/" + lock, text: "package lock // mine\n"}},
		"twice":       {{name: lock, text: "package lock // mine\n"}, {name: lock, text: "package lock // again\n"}},
		"dotted":      {{name: "./" + lock, text: "package lock // mine\n"}},
		"backslashes": {{name: `work\chapters\05-lock\lock.go`, text: "package lock // mine\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			eachFormat(t, items, func(t *testing.T, file string) {
				tree, err := Read(file, wanted)
				require.NoError(t, err)
				w := submission.From(tree, chapter)
				require.Empty(t, w.Problems)
				require.Equal(t, "package lock // mine\n", string(w.Files["lock.go"]))
			})
		})
	}
}

func TestWhatIsNoFileIsToldForWhatItIs(t *testing.T) {
	for name, c := range map[string]struct {
		items []item
		want  string
	}{
		"a linked file":    {[]item{{lock, "/etc/passwd", fs.ModeSymlink}}, "it is a symbolic link"},
		"a linked chapter": {[]item{{"chapters/05-lock", "/etc", fs.ModeSymlink}}, "chapters/05-lock is a symbolic link"},
		"a pipe":           {[]item{{lock, "", fs.ModeNamedPipe}}, "a device, pipe or socket"},
		"missing":          {[]item{{"chapters/04-join/join.go", "package join\n", 0}}, "the file is missing"},
		"large":            {[]item{{lock, strings.Repeat(" ", submission.MaxFile+1), 0}}, "larger than"},
		"a stranger":       {[]item{{lock, "package lock\n", 0}, {"chapters/05-lock/mine.go", "x", 0}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			eachFormat(t, c.items, func(t *testing.T, file string) {
				tree, err := Read(file, wanted)
				require.NoError(t, err)
				w := submission.From(tree, chapter)
				if c.want == "" {
					require.Empty(t, w.Problems)
					require.Equal(t, []string{"mine.go is not graded: put your answer into lock.go"}, w.Notes)
					return
				}
				require.Len(t, w.Problems, 1)
				require.Contains(t, w.Problems[0].Message, c.want)
			})
		})
	}
}

func TestArchivesThatLeadOutAreRefused(t *testing.T) {
	for _, name := range []string{"../" + lock, "/" + lock, "a/../../" + lock, `..\` + lock, "a/b/../" + lock} {
		t.Run(name, func(t *testing.T) {
			eachFormat(t, []item{{name: lock, text: "package lock\n"}, {name: name, text: "x"}}, func(t *testing.T, file string) {
				_, err := Read(file, wanted)
				require.ErrorContains(t, err, "outside of it")
			})
		})
	}
}

func TestBombs(t *testing.T) {
	t.Run("a tar of more zeros than anybody hands in", func(t *testing.T) {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		w := tar.NewWriter(z)
		size := ofStudent.unpacked + 1<<20
		require.NoError(t, w.WriteHeader(&tar.Header{Name: "zeros", Size: size, Mode: 0o644}))
		zeros := make([]byte, 1<<20)
		for range size / int64(len(zeros)) {
			_, err := w.Write(zeros)
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		require.NoError(t, z.Close())
		_, err := Read(store(t, "ada.tgz", b.Bytes()), wanted)
		require.ErrorContains(t, err, "unpacks to more than")
	})
	t.Run("a zip whose wanted file is 64 MB of zeros", func(t *testing.T) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create(lock)
		require.NoError(t, err)
		zeros := make([]byte, 1<<20)
		for range 64 {
			_, err := w.Write(zeros)
			require.NoError(t, err)
		}
		require.NoError(t, z.Close())
		tree, err := Read(store(t, "ada.zip", b.Bytes()), wanted)
		require.NoError(t, err)
		data, err := tree.File(lock)
		require.NoError(t, err)
		require.Len(t, data, submission.MaxFile+1, "the rest is not unpacked")
	})
	t.Run("a zip with more files than a submission has", func(t *testing.T) {
		_, err := Read(store(t, "ada.zip", many(t, ofStudent.entries+1)), wanted)
		require.ErrorContains(t, err, "it holds more than")
	})
	t.Run("a zip whose list of files is long", func(t *testing.T) {
		_, err := Read(store(t, "ada.zip", many(t, 4*ofStudent.entries)), wanted)
		require.ErrorContains(t, err, "it holds more than")
	})
	t.Run("a zip with as many as a large repository", func(t *testing.T) {
		_, err := Read(store(t, "ada.zip", many(t, 10_000)), wanted)
		require.ErrorContains(t, err, "no chapters/")
	})
	t.Run("a tar with more files than a submission has", func(t *testing.T) {
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for range ofStudent.entries + 1 {
			require.NoError(t, w.WriteHeader(&tar.Header{Name: "x", Mode: 0o644}))
		}
		require.NoError(t, w.Close())
		_, err := Read(store(t, "ada.tar", b.Bytes()), wanted)
		require.ErrorContains(t, err, "it holds more than")
	})
}

func many(t *testing.T, n int) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := range n {
		_, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("f%08d", i), Method: zip.Store})
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestWhatIsNoArchive(t *testing.T) {
	for name, data := range map[string]string{
		"ada.zip": "no zip", "ben.tar": "no tar at all, for it would be in blocks", "cy.tgz": "\x1f\x8bno gzip", "di.zip": "",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(store(t, name, []byte(data)), wanted)
			require.Error(t, err)
			require.NotContains(t, err.Error(), "\n")
		})
	}
	for name, is := range map[string]bool{"a.zip": true, "a.TAR.GZ": true, "a.tgz": true, "a.tar": true, "a.gz": false, "zip": false, "a.rar": false} {
		require.Equal(t, is, Is(name), name)
	}
	require.Equal(t, "ada", Base("ada.tar.gz"))
}

func FuzzRead(f *testing.F) {
	for _, pack := range formats {
		f.Add(pack(f, []item{{name: "x/" + lock, text: "package lock\n"}, {name: "x/chapters/05-lock/more.go", text: "x"}}))
		f.Add(pack(f, []item{{name: "../" + lock, text: "x"}}))
		f.Add(pack(f, []item{{lock, "/etc/passwd", fs.ModeSymlink}}))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, ext := range []string{"zip", "tar"} {
			file := store(t, "ada."+ext, data)
			if tree, err := Read(file, wanted); err == nil {
				data, err := tree.File(lock)
				require.True(t, err != nil || len(data) <= submission.MaxFile+1)
			}
			outside := t.TempDir()
			dir := filepath.Join(outside, "in")
			if _, err := Unpack(file, dir, wanted); err == nil {
				entries, err := os.ReadDir(outside)
				require.NoError(t, err)
				require.Len(t, entries, 1, "something was written outside")
			}
		}
	})
}
