package repo

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/course"
	"lockstep/grader/internal/submission"
)

const file = "chapters/05-lock/lock.go"

var chapter = &course.Chapter{ID: "05-lock", Manifest: course.Manifest{Files: []string{"lock.go"}}}

// student is a repository as a student makes one.
type student struct {
	t   *testing.T
	dir string
}

func newStudent(t *testing.T, init ...string) *student {
	if _, err := exec.LookPath("git"); err != nil {
		t.Fatal("these tests need git")
	}
	s := &student{t, t.TempDir()}
	s.git(append([]string{"init", "-q", "-b", "main"}, init...)...)
	return s
}

func (s *student) git(args ...string) string {
	s.t.Helper()
	return s.gitAt(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), args...)
}

// gitAt runs git with that time for commits.
func (s *student) gitAt(at time.Time, args ...string) string {
	s.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = s.dir
	date := fmt.Sprintf("%d +0000", at.Unix())
	cmd.Env = append(environment(), "GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@x", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@x",
		"GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date, "GIT_ALLOW_PROTOCOL=file")
	out, err := cmd.CombinedOutput()
	require.NoError(s.t, err, "git %v: %s", args, out)
	return strings.TrimSpace(string(out))
}

func (s *student) write(name, text string) {
	path := filepath.Join(s.dir, name)
	require.NoError(s.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(s.t, os.WriteFile(path, []byte(text), 0o644))
}

// commit commits the file with a text and returns the commit's hash.
func (s *student) commit(text string, at time.Time) string {
	s.write(file, text)
	s.git("add", "-A")
	s.gitAt(at, "commit", "-q", "--allow-empty", "-m", "work")
	return s.git("rev-parse", "HEAD")
}

func day(n int) time.Time { return time.Date(2026, 11, n, 12, 0, 0, 0, time.UTC) }

// fetch reads a repository into a clone.
func fetch(t *testing.T, clone string, src Source, deadline time.Time) (*State, error) {
	t.Helper()
	g, err := Open(t.Context())
	require.NoError(t, err)
	if err := g.Fetch(t.Context(), clone, src); err != nil {
		return nil, err
	}
	r, err := g.Read(t.Context(), clone)
	require.NoError(t, err)
	t.Cleanup(r.Close)
	return r.State(deadline)
}

func mustFetch(t *testing.T, src Source, deadline time.Time) *State {
	t.Helper()
	s, err := fetch(t, t.TempDir(), src, deadline)
	require.NoError(t, err)
	return s
}

func TestTheLastCommitIsRead(t *testing.T) {
	s := newStudent(t)
	s.commit("package lock // one\n", day(1))
	last := s.commit("package lock // two\n", day(2))
	s.write(file, "package lock // not committed\n")
	bare := filepath.Join(t.TempDir(), "ada.git")
	s.git("clone", "-q", "--bare", ".", bare)
	for name, where := range map[string]string{"checkout": s.dir, "bare": bare} {
		t.Run(name, func(t *testing.T) {
			got := mustFetch(t, Source{Where: where}, time.Time{})
			require.Equal(t, last, got.Commit)
			require.Equal(t, day(2), got.Time)
			w := submission.From(got, chapter)
			require.Empty(t, w.Problems)
			require.Equal(t, "package lock // two\n", string(w.Files["lock.go"]))
		})
	}
}

func TestAFetchGoesOnWhereTheLastWas(t *testing.T) {
	s := newStudent(t)
	s.commit("package lock // one\n", day(1))
	clone := t.TempDir()
	_, err := fetch(t, clone, Source{Where: s.dir}, time.Time{})
	require.NoError(t, err)
	// What a killed fetch leaves is in nobody's way.
	require.NoError(t, os.WriteFile(filepath.Join(clone, "shallow.lock"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(clone, "refs", "graded.lock"), nil, 0o600))
	last := s.commit("package lock // two\n", day(3))
	got, err := fetch(t, clone, Source{Where: s.dir}, time.Time{})
	require.NoError(t, err)
	require.Equal(t, last, got.Commit)
	// A history is fetched when it is asked for, and a rewritten one is followed.
	got, err = fetch(t, clone, Source{Where: s.dir, History: true}, day(2))
	require.NoError(t, err)
	require.Equal(t, day(1), got.Time)
	s.git("reset", "-q", "--hard", "HEAD~1")
	forced := s.commit("package lock // three\n", day(2))
	got, err = fetch(t, clone, Source{Where: s.dir}, time.Time{})
	require.NoError(t, err)
	require.Equal(t, forced, got.Commit)
}

func TestBranches(t *testing.T) {
	s := newStudent(t)
	s.commit("package lock // main\n", day(1))
	s.git("checkout", "-q", "-b", "work/late")
	late := s.commit("package lock // late\n", day(2))
	s.git("checkout", "-q", "main")
	require.Equal(t, late, mustFetch(t, Source{Where: s.dir, Branch: "work/late"}, time.Time{}).Commit)
	_, err := fetch(t, t.TempDir(), Source{Where: s.dir, Branch: "nowhere"}, time.Time{})
	require.EqualError(t, err, "the repository has no branch nowhere")
	for _, bad := range []string{"-x", "a..b", "a b", "x:y", "@{u}", "a\x1b", "../x", "a.lock", "a//b", "x^", "a/.b"} {
		_, err := fetch(t, t.TempDir(), Source{Where: s.dir, Branch: bad}, time.Time{})
		require.ErrorContains(t, err, "is no name of a branch", bad)
	}
}

func TestDeadlines(t *testing.T) {
	s := newStudent(t)
	one := s.commit("package lock // one\n", day(1))
	two := s.commit("package lock // two\n", day(10))
	s.commit("package lock // three\n", day(20))
	src := Source{Where: s.dir, History: true}
	require.Equal(t, two, mustFetch(t, src, day(10)).Commit, "the very second counts")
	got := mustFetch(t, src, day(10).Add(-time.Second))
	require.Equal(t, one, got.Commit)
	require.False(t, got.Odd)
	_, err := fetch(t, t.TempDir(), src, day(1).Add(-time.Second))
	require.EqualError(t, err, "it has no commit from before the deadline")
	t.Run("a date that cannot be true is told", func(t *testing.T) {
		forged := s.commit("package lock // four\n", day(9)) // upon one of the 20th
		got := mustFetch(t, src, day(10))
		require.Equal(t, forged, got.Commit)
		require.True(t, got.Odd)
	})
}

func TestABranchThatWasMergedIsNoState(t *testing.T) {
	s := newStudent(t)
	mine := s.commit("package lock // mine\n", day(1))
	s.git("checkout", "-q", "-b", "theirs")
	s.commit("package lock // theirs\n", day(5))
	s.git("checkout", "-q", "main")
	s.gitAt(day(20), "merge", "-q", "--no-ff", "-m", "merge", "theirs")
	require.Equal(t, mine, mustFetch(t, Source{Where: s.dir, History: true}, day(10)).Commit)
}

func TestWhatIsNoFileIsToldForWhatItIs(t *testing.T) {
	other := newStudent(t)
	other.commit("package lock // another's\n", day(1))
	for name, c := range map[string]struct {
		make func(s *student)
		want string
	}{
		"a linked file": {func(s *student) {
			require.NoError(t, os.Symlink("/etc/passwd", filepath.Join(s.dir, file)))
		}, "it is a symbolic link; only a regular file is graded"},
		"a linked chapter": {func(s *student) {
			require.NoError(t, os.RemoveAll(filepath.Join(s.dir, "chapters/05-lock")))
			require.NoError(t, os.Symlink("../elsewhere", filepath.Join(s.dir, "chapters/05-lock")))
		}, "chapters/05-lock is a symbolic link; only a plain folder is graded"},
		"linked chapters": {func(s *student) {
			require.NoError(t, os.RemoveAll(filepath.Join(s.dir, "chapters")))
			require.NoError(t, os.Symlink("/", filepath.Join(s.dir, "chapters")))
		}, "chapters is a symbolic link; only a plain folder is graded"},
		"a submodule": {func(s *student) {
			require.NoError(t, os.RemoveAll(filepath.Join(s.dir, "chapters")))
			s.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", other.dir, "chapters/05-lock")
		}, "chapters/05-lock is a submodule; only a plain folder is graded"},
		"an LFS pointer": {func(s *student) {
			s.write(file, "version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 3\n")
		}, "the file is a pointer of Git LFS"},
		"a folder":        {func(s *student) { s.write(file+"/x", "x") }, "it is a folder"},
		"a file of 70 MB": {func(s *student) { s.write(file, strings.Repeat("// \n", 70<<18)) }, "larger than"},
		"nothing":         {func(s *student) { s.write("README", "x") }, "the file is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStudent(t)
			require.NoError(t, os.MkdirAll(filepath.Join(s.dir, "chapters/05-lock"), 0o755))
			c.make(s)
			s.git("add", "-A")
			s.git("commit", "-q", "-m", "x")
			state := mustFetch(t, Source{Where: s.dir}, time.Time{})
			w := submission.From(state, chapter)
			require.Len(t, w.Problems, 1)
			require.Contains(t, w.Problems[0].Message, c.want)
			require.Equal(t, name != "nothing", w.Problems[0].Refused)
			require.NoError(t, state.Err(), "the other chapters can be read")
		})
	}
}

func TestRepositoriesOfWhichNothingCanBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		where func(t *testing.T) string
		want  string
	}{
		"empty":         {func(t *testing.T) string { return newStudent(t).dir }, "the repository is empty"},
		"not there":     {func(t *testing.T) string { return filepath.Join(t.TempDir(), "no") }, "there is no repository"},
		"no repository": {func(t *testing.T) string { return t.TempDir() }, "there is no repository"},
		"unreachable":   {func(*testing.T) string { return "https://localhost:1/x.git" }, "it cannot be fetched"},
		"damaged": {func(t *testing.T) string {
			s := newStudent(t)
			s.commit("package lock\n", day(1))
			require.NoError(t, os.RemoveAll(filepath.Join(s.dir, ".git/objects")))
			require.NoError(t, os.Mkdir(filepath.Join(s.dir, ".git/objects"), 0o755))
			return s.dir
		}, "cannot be fetched"},
		"SHA-256": {func(t *testing.T) string {
			s := newStudent(t, "--object-format=sha256")
			s.commit("package lock\n", day(1))
			return s.dir
		}, "cannot be fetched"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := fetch(t, t.TempDir(), Source{Where: c.where(t)}, time.Time{})
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "\n")
		})
	}
}
