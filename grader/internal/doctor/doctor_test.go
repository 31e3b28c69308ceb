package doctor

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// good are the facts of a machine that lacks nothing.
func good() facts {
	return facts{
		os: "linux", arch: "amd64", goVersion: "go1.26.8", goroot: "/usr/local/go", cgo: true, compiler: "gcc", raceFiles: true,
		git: "git version 2.39.5", folders: []folder{{"build cache", "/home/ada/.cache/go-build", nil, 80 << 30}},
		bwrap: "/usr/bin/bwrap", cgroup: true, children: true,
	}
}

func find(findings []Finding, name string) Finding {
	for _, f := range findings {
		if f.Name == name {
			return f
		}
	}
	return Finding{}
}

func TestAGoodMachine(t *testing.T) {
	findings := judge(good())
	for _, f := range findings {
		assert.Equal(t, OK, f.State, f)
		assert.NotEmpty(t, f.What)
		assert.Empty(t, f.Next)
	}
	own, class := Able(findings)
	assert.True(t, own)
	assert.True(t, class)
}

// TestEachLack takes one thing away, and expects to be told so, and what to do.
func TestEachLack(t *testing.T) {
	denied := errors.New("setting up uid map: Permission denied")
	tests := []struct {
		name, finding string
		change        func(f *facts)
		state         State
		what, next    string
		own, class    bool
	}{
		{"no go", "Go", func(f *facts) { f.goVersion, f.goError = "", "not found" }, Missing, "not found", "go.dev/doc/install", false, false},
		{"old go", "Go", func(f *facts) { f.goVersion = "go1.25.3" }, Missing, "too old", "1.26", false, false},
		{"no gcc", "C compiler", func(f *facts) { f.compiles = errors.New("not found") }, Missing, "gcc does not work", "apt install gcc libc6-dev", false, false},
		{"no gcc on macOS", "C compiler", func(f *facts) { f.os, f.compiles = "darwin", errors.New("x") }, Missing, "", "xcode-select", false, false},
		{"no race detector", "race detector", func(f *facts) { f.arch = "386" }, Missing, "linux/386", "linux/amd64", false, false},
		{"no race runtime", "race detector", func(f *facts) { f.raceFiles = false }, Missing, "/usr/local/go", "go.dev/dl", false, false},
		{"no git", "git", func(f *facts) { f.git = "" }, Weak, "not installed", "git-scm", true, true},
		{"read-only cache", "build cache", func(f *facts) { f.folders[0].writable = os.ErrPermission }, Missing, "permission denied", "go env -w", false, false},
		{"full disk", "build cache", func(f *facts) { f.folders[0].free = 100 << 20 }, Weak, "100 MiB left", "make room", true, true},

		{"no bubblewrap", "sandbox", func(f *facts) { f.bwrap, f.sandboxErr = "", denied }, Missing, "not installed", "apt install bubblewrap", true, false},
		{"Ubuntu", "sandbox", func(f *facts) { f.restricted, f.sandboxErr = true, denied }, Missing, "AppArmor", "profile bwrap", true, false},
		{"Debian's switch", "sandbox", func(f *facts) { f.noClone, f.sandboxErr = true, denied }, Missing, "uid map", "unprivileged_userns_clone=1", true, false},
		{"RHEL's number", "sandbox", func(f *facts) { f.noSpaces, f.sandboxErr = true, denied }, Missing, "no user namespaces", "max_user_namespaces", true, false},
		{"Docker", "sandbox", func(f *facts) { f.container, f.sandboxErr = true, denied }, Missing, "container", "seccomp=unconfined", true, false},
		{"WSL 1", "sandbox", func(f *facts) { f.wsl1, f.sandboxErr = true, denied }, Missing, "WSL 1", "--set-version", true, false},
		{"macOS", "sandbox", func(f *facts) { f.os, f.sandboxErr = "darwin", denied }, Missing, "macOS", "Docker", true, false},
		{"Windows", "sandbox", func(f *facts) { f.os, f.sandboxErr = "windows", denied }, Missing, "Windows", "WSL 2", true, false},
		{"old bubblewrap", "sandbox", func(f *facts) { f.sandboxErr = errors.New("Unknown option --size") }, Missing, "too old", "0.8", true, false},
		{"unknown cause", "sandbox", func(f *facts) { f.sandboxErr = denied }, Missing, "uid map", "issues", true, false},
		{"no filter", "system calls", func(f *facts) { f.arch = "riscv64" }, Weak, "riscv64", "amd64", true, true},
		{"no cgroup", "memory and tasks", func(f *facts) { f.cgroup = false }, Weak, "watched", "Delegate=yes", true, true},
		{"no cgroup for root", "memory and tasks", func(f *facts) { f.cgroup, f.root = false, true }, Weak, "root", "do not grade as root", true, true},
		{"no limits", "memory and tasks", func(f *facts) { f.cgroup, f.children = false, false }, Weak, "not limited", "CONFIG_PROC_CHILDREN", true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			facts := good()
			test.change(&facts)
			findings := judge(facts)
			f := find(findings, test.finding)
			assert.Equal(t, test.state, f.State, f)
			assert.Contains(t, f.What, test.what)
			assert.Contains(t, f.Next, test.next)
			own, class := Able(findings)
			assert.Equal(t, test.own, own, "own work")
			assert.Equal(t, test.class, class, "a class")
		})
	}
}

// TestThisMachine runs the whole of it: a machine that runs these tests has Go.
func TestThisMachine(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	findings := Examine(context.Background())
	assert.Equal(t, OK, find(findings, "Go").State, findings)
	for _, f := range findings {
		assert.Contains(t, []State{OK, Weak, Missing}, f.State, f)
		assert.Equal(t, f.State == OK, f.Next == "", f)
	}
	left, err := os.ReadDir(os.TempDir())
	assert.NoError(t, err)
	assert.Empty(t, left)
}

func TestWrite(t *testing.T) {
	var b strings.Builder
	assert.NoError(t, Write(&b, []Finding{
		{Name: "Go", State: OK, Needed: true, What: "go1.26.8"},
		{Name: "sandbox", State: Missing, What: "bubblewrap is not installed", Next: "one\ntwo"},
	}))
	assert.Equal(t, `ok       Go       go1.26.8
missing  sandbox  bubblewrap is not installed
                    one
                    two

This machine can grade your own work. It should not run anyone else's: there is no sandbox.
`, b.String())
}
