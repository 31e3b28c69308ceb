package repo

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestNothingOfARepositoryIsRun puts into a repository all that git could run, and sees
// that none was. What would be run leaves a file.
func TestNothingOfARepositoryIsRun(t *testing.T) {
	s := newStudent(t)
	want := s.commit("package lock\n", day(1))
	trap := filepath.Join(t.TempDir(), "trap")
	script := "#!/bin/sh\ntouch " + trap + "\n"
	program := filepath.Join(t.TempDir(), "program")
	require.NoError(t, os.WriteFile(program, []byte(script), 0o755))
	hooks := filepath.Join(s.dir, ".git", "hooks")
	require.NoError(t, os.MkdirAll(hooks, 0o755))
	for _, hook := range []string{"post-checkout", "reference-transaction", "post-upload-pack", "pre-auto-gc", "fsmonitor-watchman", "post-index-change"} {
		require.NoError(t, os.WriteFile(filepath.Join(hooks, hook), []byte(script), 0o755))
	}
	for key, value := range map[string]string{
		"core.hooksPath":             hooks,
		"core.fsmonitor":             program,
		"core.sshCommand":            program,
		"core.pager":                 program,
		"core.editor":                program,
		"core.alternateRefsCommand":  program,
		"core.gitProxy":              program,
		"uploadpack.packObjectsHook": program,
		"credential.helper":          "!" + program,
		"filter.evil.smudge":         program,
		"filter.evil.process":        program,
		"diff.external":              program,
		"protocol.ext.allow":         "always",
		"remote.origin.url":          "ext::" + program,
		"remote.origin.promisor":     "true",
		"remote.origin.uploadpack":   program,
		"extensions.partialClone":    "origin",
		"alias.upload-pack":          "!" + program,
		"alias.fetch":                "!" + program,
		"alias.cat-file":             "!" + program,
	} {
		s.git("config", key, value)
	}
	s.git("config", "core.repositoryFormatVersion", "1")
	got := mustFetch(t, Source{Where: s.dir}, time.Time{})
	require.Equal(t, want, got.Commit)
	require.NoFileExists(t, trap)

	t.Run("and the trap works", func(t *testing.T) {
		s.git("-c", "core.fsmonitor="+program, "status")
		require.FileExists(t, trap)
		require.NoError(t, os.Remove(trap))
	})
	t.Run("nor where objects are missing that another place could have", func(t *testing.T) {
		packs := filepath.Join(s.dir, ".git", "objects")
		require.NoError(t, os.RemoveAll(packs))
		require.NoError(t, os.Mkdir(packs, 0o755))
		_, err := fetch(t, t.TempDir(), Source{Where: s.dir}, time.Time{})
		require.Error(t, err)
		require.NoFileExists(t, trap)
	})
}

func TestAddresses(t *testing.T) {
	for _, good := range []string{
		"https://github.com/c/ada", "https://token@github.com/c/ada.git", "http://[::1]/x", "ssh://git@host/x", "git@github.com:c/ada.git",
	} {
		require.True(t, IsRemote(good), good)
		require.NoError(t, CheckAddress(good), good)
	}
	for _, path := range []string{"ada", "../ada.git", "/srv/ada", `C:\forks\ada`, "a:b", "ümlaut"} {
		require.False(t, IsRemote(path), path)
		require.NoError(t, CheckAddress(path), path)
	}
	for _, bad := range []string{
		"", "ext::sh -c id", "fd::7", "-oProxyCommand=id", "--upload-pack=id", "file:///etc", "git://host/x", "ftp://host/x",
		"https://-oProxyCommand=id/x", "ssh://-oProxyCommand=id/x", "git@-oProxyCommand=id:x", "git@host:-x", "a\nb", "https://a b",
	} {
		require.False(t, IsRemote(bad), bad)
		if bad == "git@-oProxyCommand=id:x" || bad == "git@host:-x" {
			continue // paths then, and never given to ssh
		}
		require.Error(t, CheckAddress(bad), bad)
	}
}

// TestPartsInOtherPlaces refuses repositories through which another's work could be read.
func TestPartsInOtherPlaces(t *testing.T) {
	victim := newStudent(t)
	secret := victim.commit("package lock // the victim's\n", day(1))
	for name, c := range map[string]struct {
		make func(t *testing.T, s *student)
		want string
	}{
		"alternates": {func(t *testing.T, s *student) {
			s.write(".git/objects/info/alternates", filepath.Join(victim.dir, ".git/objects")+"\n")
		}, "borrows from another repository"},
		"commondir": {func(t *testing.T, s *student) { s.write(".git/commondir", filepath.Join(victim.dir, ".git")+"\n") }, "borrows from another repository"},
		"a .git file": {func(t *testing.T, s *student) {
			require.NoError(t, os.RemoveAll(filepath.Join(s.dir, ".git")))
			s.write(".git", "gitdir: "+filepath.Join(victim.dir, ".git")+"\n")
		}, "points elsewhere"},
		"a linked .git": {func(t *testing.T, s *student) {
			require.NoError(t, os.RemoveAll(filepath.Join(s.dir, ".git")))
			require.NoError(t, os.Symlink(filepath.Join(victim.dir, ".git"), filepath.Join(s.dir, ".git")))
		}, "points elsewhere"},
		"linked objects": {func(t *testing.T, s *student) {
			require.NoError(t, os.RemoveAll(filepath.Join(s.dir, ".git/objects")))
			require.NoError(t, os.Symlink(filepath.Join(victim.dir, ".git/objects"), filepath.Join(s.dir, ".git/objects")))
		}, "is a symbolic link"},
		"linked folder of objects": {func(t *testing.T, s *student) {
			require.NoError(t, os.Symlink(filepath.Join(victim.dir, ".git/objects", secret[:2]), filepath.Join(s.dir, ".git/objects", secret[:2])))
		}, "is a symbolic link"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStudent(t)
			s.write(".git/refs/heads/main", secret+"\n")
			c.make(t, s)
			_, err := fetch(t, t.TempDir(), Source{Where: s.dir}, time.Time{})
			require.ErrorContains(t, err, c.want)
		})
	}
	t.Run("a repository of its own is read", func(t *testing.T) {
		s := newStudent(t)
		own := s.commit("package lock\n", day(1))
		require.Equal(t, own, mustFetch(t, Source{Where: s.dir}, time.Time{}).Commit)
	})
	t.Run("a hash alone is not enough", func(t *testing.T) {
		s := newStudent(t)
		s.commit("package lock\n", day(1))
		s.write(".git/refs/heads/main", secret+"\n")
		_, err := fetch(t, t.TempDir(), Source{Where: s.dir}, time.Time{})
		require.Error(t, err)
	})
}

// TestAHugeRepositoryIsNotFetched stands in for a repository of many GB.
func TestAHugeRepositoryIsNotFetched(t *testing.T) {
	s := newStudent(t)
	s.commit("package lock\n", day(1))
	g, err := Open(t.Context())
	require.NoError(t, err)
	clone := t.TempDir()
	require.NoError(t, makeBare(clone))
	noise := make([]byte, 4<<20)
	for i := range noise {
		noise[i] = byte(i * i >> 7 * 31 * i >> 3)
	}
	s.write("noise", string(noise))
	s.git("add", "-A")
	s.git("commit", "-q", "-m", "noise")
	cmd := limited(t.Context(), 16<<10, g.path, "--git-dir="+clone, "fetch", "-q", filepath.Join(s.dir, ".git"), "+HEAD:"+graded)
	cmd.Env = append(g.env, "GIT_ALLOW_PROTOCOL=file")
	require.Error(t, cmd.Run())
	require.NoFileExists(t, filepath.Join(clone, "refs", "graded"))
}
