//go:build linux

package hostile

import (
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The secrets: one in a file that everyone may read, one in the environment, one in the hidden tests.
const (
	fileSecret   = "crimson-otter-3141"
	envSecret    = "indigo-heron-1618"
	hiddenSecret = "amber-falcon-2718"
	envVar       = "HOSTILE_TEST_TOKEN"
)

// world is the machine that the attacks find: everything in it is below root, so that
// what is left of them is found there.
type world struct {
	root      string
	secret    string // a file
	witness   string // a folder that anyone may write to, and nobody must
	course    string
	gocache   string
	tcp, unix net.Listener
	mounts    string

	quiet chan struct{} // closed when nobody listens to tcp any more

	mu    sync.Mutex
	heard []string // what was said to the listeners
}

// newWorld prepares a machine, whose environment is poisoned as well.
func newWorld(t *testing.T) *world {
	root := t.TempDir()
	w := &world{root: root, secret: filepath.Join(root, "other-student", "secret.txt"), witness: filepath.Join(root, "witness")}
	for _, dir := range []string{"other-student", "witness", "tmp", "cache", "submissions"} {
		require.NoError(t, os.Mkdir(filepath.Join(root, dir), 0o755))
	}
	require.NoError(t, os.Chmod(w.witness, 0o777))
	require.NoError(t, os.WriteFile(w.secret, []byte(fileSecret), 0o644))
	var err error
	w.course, err = filepath.Abs(filepath.Join(testdata, "course"))
	require.NoError(t, err)

	t.Setenv("TMPDIR", filepath.Join(root, "tmp"))
	t.Setenv("LOCKSTEP_CACHE", filepath.Join(root, "cache"))
	t.Setenv(envVar, envSecret)
	t.Setenv("GOFLAGS", "-toolexec="+filepath.Join(w.witness, "toolexec")+" -tags=hostile")
	t.Setenv("GOWORK", filepath.Join(root, "go.work"))
	t.Setenv("GORACE", "exitcode=0 log_path="+filepath.Join(w.witness, "race"))
	t.Setenv("GOTRACEBACK", "none")
	t.Setenv("LOCKSTEP_WIRE", "0,1,2")
	t.Setenv("LOCKSTEP_SEED", "hostile")

	w.tcp, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w.unix, err = net.Listen("unix", "@hostile-"+strconv.Itoa(os.Getpid()))
	require.NoError(t, err)
	w.quiet = make(chan struct{})
	t.Cleanup(func() { w.tcp.Close(); w.unix.Close() })
	go func() {
		defer close(w.quiet)
		w.listen(w.tcp)
	}()
	go w.listen(w.unix)
	w.mounts = mounts(t)
	return w
}

// listen notes what each caller has to say.
func (w *world) listen(l net.Listener) {
	const most = 100 // bytes
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.SetDeadline(time.Now().Add(time.Second))
		said, _ := io.ReadAll(io.LimitReader(c, most))
		c.Close()
		w.mu.Lock()
		w.heard = append(w.heard, fmt.Sprintf("%s: %q", l.Addr(), said))
		w.mu.Unlock()
	}
}

// fill tells an attack what it would find out about this machine.
func (w *world) fill(source, id string) string {
	return strings.NewReplacer(
		"@secret@", w.secret,
		"@witness@", filepath.Join(w.witness, id),
		"@course@", w.course,
		"@cache@", filepath.Join(w.root, "cache"),
		"@gocache@", w.gocache,
		"@tcp@", w.tcp.Addr().String(),
		"@unix@", w.unix.Addr().String(),
		"@variable@", envVar,
		"@grader@", strconv.Itoa(os.Getpid()),
	).Replace(source)
}

// secrets returns which of the secrets a text shows.
func secrets(text string) (shown []string) {
	for _, s := range []string{fileSecret, envSecret, hiddenSecret} {
		if strings.Contains(text, s) {
			shown = append(shown, s)
		}
	}
	return shown
}

// left returns what there is on the machine now that was not there before.
func (w *world) left(t *testing.T) (left []string) {
	if now := mounts(t); now != w.mounts {
		left = append(left, "mounts: "+now)
	}
	for _, dir := range []string{w.witness, filepath.Join(w.root, "tmp"), filepath.Join(w.root, "cache", "runs")} {
		left = append(left, files(t, dir)...)
	}
	planted, err := filepath.Glob(filepath.Join(w.gocache, "hostile*"))
	require.NoError(t, err)
	w.mu.Lock()
	defer w.mu.Unlock()
	left = append(append(left, planted...), w.heard...)
	return append(left, processes(w.root)...)
}

// files lists the files below dir, the grader's lock not included.
func files(t *testing.T, dir string) (found []string) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if os.IsNotExist(err) {
			return nil
		}
		if err == nil && path != dir && d.Name() != ".lock" {
			found = append(found, path)
		}
		return err
	})
	require.NoError(t, err)
	return found
}

// processes lists the processes, this one not included, that run a file below root or name one.
func processes(root string) (found []string) {
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, dir := range all {
		pid, _ := strconv.Atoi(filepath.Base(dir))
		exe, _ := os.Readlink(filepath.Join(dir, "exe"))
		cwd, _ := os.Readlink(filepath.Join(dir, "cwd"))
		line, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
		if pid != os.Getpid() && strings.Contains(exe+"\x00"+cwd+"\x00"+string(line), root) {
			found = append(found, fmt.Sprintf("process %d: %s %s", pid, exe, line))
		}
	}
	return found
}

// mounts returns the mounts of this process's namespace.
func mounts(t *testing.T) string {
	text, err := os.ReadFile("/proc/self/mountinfo")
	require.NoError(t, err)
	return string(text)
}
