package doctor

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"lockstep/grader/internal/sandbox"
)

// patience bounds each command that is asked something.
const patience = 20 * time.Second

// facts are what look saw. A version is "" where the program is not installed.
type facts struct {
	os, arch string
	root     bool

	goVersion string // "go1.26.8"
	goError   string
	goroot    string
	cgo       bool
	compiler  string // the command
	compiles  error  // whether a small C program does
	raceFiles bool   // the race runtime is part of the installation
	git       string // "git version 2.39.5"

	folders []folder

	bwrap      string // path
	sandboxErr error  // nil if the sandbox works
	restricted bool   // AppArmor restricts user namespaces
	noClone    bool   // so does the kernel's switch of Debian
	noSpaces   bool   // or their number is 0
	container  bool
	wsl1       bool
	cgroup     bool // memory and tasks can be capped by a cgroup
	children   bool // the kernel lists the children of a process
}

// folder is where the go command or the grader writes.
type folder struct {
	name, path string
	writable   error
	free       int64 // bytes; negative if not known
}

// look gathers the facts.
func look(ctx context.Context) facts {
	f := facts{os: runtime.GOOS, arch: runtime.GOARCH, root: os.Geteuid() == 0}
	f.lookAtGo(ctx)
	if out, err := ask(ctx, "", "git", "--version"); err == nil {
		f.git = strings.TrimSpace(out)
	}
	f.folders = append(f.folders, examineFolder("temporary files", os.TempDir()))

	f.bwrap, _ = exec.LookPath("bwrap")
	_, f.sandboxErr = sandbox.Open("bwrap")
	f.cgroup = sandbox.Capped()
	if f.os == "linux" {
		f.lookAtKernel()
	}
	return f
}

func (f *facts) lookAtGo(ctx context.Context) {
	out, err := ask(ctx, "", "go", "env", "-json", "GOVERSION", "GOROOT", "GOCACHE", "GOMODCACHE", "CC", "CGO_ENABLED")
	if err != nil {
		f.goError = err.Error()
		return
	}
	var env struct{ GOVERSION, GOROOT, GOCACHE, GOMODCACHE, CC, CGO_ENABLED string }
	if err := json.Unmarshal([]byte(out), &env); err != nil {
		f.goError = err.Error()
		return
	}
	f.goVersion, f.goroot, f.cgo = env.GOVERSION, env.GOROOT, env.CGO_ENABLED == "1"
	f.folders = append(f.folders, examineFolder("build cache", env.GOCACHE), examineFolder("module cache", env.GOMODCACHE))

	f.compiler = env.CC
	name, args := strings.Fields(env.CC + " cc")[0], strings.Fields(env.CC + " cc")[1:]
	args = append(args[:len(args)-1], "-x", "c", "-o", os.DevNull, "-")
	_, f.compiles = ask(ctx, "#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n", name, args...)

	// The names differ between versions of Go, the ending does not.
	for _, pattern := range []string{"src/runtime/race/race_*.syso", "src/runtime/race/internal/*/race_" + f.os + ".syso"} {
		found, _ := filepath.Glob(filepath.Join(env.GOROOT, pattern))
		for _, path := range found {
			base := filepath.Base(path)
			f.raceFiles = f.raceFiles || base == "race_"+f.os+".syso" || base == "race_"+f.os+"_"+f.arch+".syso"
		}
	}
}

func (f *facts) lookAtKernel() {
	f.restricted = knob("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1"
	f.noClone = knob("/proc/sys/kernel/unprivileged_userns_clone") == "0"
	f.noSpaces = knob("/proc/sys/user/max_user_namespaces") == "0"
	kernel := knob("/proc/sys/kernel/osrelease")
	f.wsl1 = strings.HasSuffix(kernel, "-Microsoft") // WSL 2 says microsoft-standard-WSL2
	f.container = exists("/.dockerenv") || exists("/run/.containerenv") || os.Getenv("KUBERNETES_SERVICE_HOST") != ""
	f.children = exists("/proc/thread-self/children")
}

// ask runs a command with a little text for its input, and returns what it printed.
func ask(ctx context.Context, input, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = os.TempDir() // no go.work, no toolchain line
	cmd.Env = append(os.Environ(), "GOTOOLCHAIN=local", "LC_ALL=C")
	cmd.Stdin = strings.NewReader(input)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if line, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n"); err != nil && line != "" {
		return "", &saidError{line}
	}
	return string(out), err
}

// saidError is what a command gave as its reason.
type saidError struct{ line string }

func (e *saidError) Error() string { return e.line }

// examineFolder tries to write to the folder, or to the nearest one above it that exists.
func examineFolder(name, path string) folder {
	dir := folder{name: name, path: path, free: -1}
	at := path
	for !exists(at) && filepath.Dir(at) != at {
		at = filepath.Dir(at)
	}
	file, err := os.CreateTemp(at, ".lockstep-doctor-*")
	dir.writable = err
	if err == nil {
		file.Close()
		os.Remove(file.Name())
	}
	dir.free = freeSpace(at)
	return dir
}

func knob(path string) string {
	text, _ := os.ReadFile(path)
	return strings.TrimSpace(string(text))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
