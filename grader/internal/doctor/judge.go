package doctor

import (
	"fmt"
	"go/version"
	"strings"
)

const (
	oldestGo  = "go1.26"
	leastFree = 2 << 30 // bytes: the race-enabled standard library and a course's binaries
)

// racePorts are the ports of Go that have a race detector.
var racePorts = strings.Fields(`linux/amd64 linux/arm64 linux/ppc64le linux/s390x linux/loong64 linux/riscv64
	darwin/amd64 darwin/arm64 windows/amd64 freebsd/amd64 netbsd/amd64`)

// judge turns facts into findings, in the order in which to mend them.
func judge(f facts) []Finding {
	findings := []Finding{f.judgeGo()}
	if f.goVersion != "" {
		findings = append(findings, f.judgeCompiler(), f.judgeRace())
	}
	findings = append(findings, f.judgeGit())
	for _, dir := range f.folders {
		findings = append(findings, dir.judge())
	}
	return append(findings, f.judgeSandbox()...)
}

func (f facts) judgeGo() Finding {
	out := Finding{Name: "Go", State: OK, Needed: true, What: f.goVersion}
	switch {
	case f.goVersion == "":
		out.State, out.What = Missing, "the go command does not work: "+f.goError
		out.Next = "install Go 1.26 or later: https://go.dev/doc/install"
	case version.IsValid(f.goVersion) && version.Compare(f.goVersion, oldestGo) < 0:
		out.State, out.What = Missing, f.goVersion+" is too old"
		out.Next = "install Go 1.26 or later: https://go.dev/doc/install"
	}
	return out
}

func (f facts) judgeCompiler() Finding {
	out := Finding{Name: "C compiler", State: OK, Needed: true, What: f.compiler}
	switch {
	case f.compiles != nil && f.compiler == "":
		out.State, out.What, out.Next = Missing, "there is none", installCompiler(f.os)
	case f.compiles != nil:
		out.State, out.What, out.Next = Missing, f.compiler+" does not work: "+f.compiles.Error(), installCompiler(f.os)
	case !f.cgo:
		out.State, out.What, out.Next = Weak, f.compiler+"; cgo is off in your shell, the grader turns it on", "go env -u CGO_ENABLED"
	}
	return out
}

func installCompiler(os string) string {
	switch os {
	case "linux":
		return "sudo apt install gcc libc6-dev    (Fedora: sudo dnf install gcc)"
	case "darwin":
		return "xcode-select --install"
	case "windows":
		return "install gcc from https://www.msys2.org and put it on PATH"
	}
	return "install gcc or clang"
}

func (f facts) judgeRace() Finding {
	out := Finding{Name: "race detector", State: OK, Needed: true, What: f.os + "/" + f.arch}
	supported := false
	for _, port := range racePorts {
		supported = supported || port == out.What
	}
	switch {
	case !supported:
		out.State, out.What, out.Next = Missing, "Go has none for "+out.What, "grade on another machine, such as linux/amd64"
	case !f.raceFiles:
		out.State, out.What, out.Next = Missing, "its runtime is not part of "+f.goroot, "install Go from https://go.dev/dl"
	}
	return out
}

func (f facts) judgeGit() Finding {
	if f.git == "" {
		return Finding{Name: "git", State: Weak, What: "not installed: your own work is graded without, a class is not",
			Next: "install git: https://git-scm.com/downloads"}
	}
	return Finding{Name: "git", State: OK, What: strings.TrimPrefix(f.git, "git version ")}
}

func (d folder) judge() Finding {
	out := Finding{Name: d.name, State: OK, Needed: true, What: d.path}
	switch {
	case d.path == "":
		out.State, out.What, out.Next = Missing, "the go command has none", "set HOME, or the variable that `go env` shows empty"
	case d.writable != nil:
		out.State, out.What, out.Next = Missing, "cannot be written: "+d.writable.Error(), "make "+d.path+" yours, or name another place with `go env -w` or TMPDIR"
	case d.free >= 0 && d.free < leastFree:
		out.State, out.What = Weak, fmt.Sprintf("%s has %d MiB left", d.path, d.free>>20)
		out.Next = "make room: a first grading writes up to 2 GiB"
	case d.free >= 0:
		out.What = fmt.Sprintf("%s, %d GiB free", d.path, d.free>>30)
	}
	return out
}
