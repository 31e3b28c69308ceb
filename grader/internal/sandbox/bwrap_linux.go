package sandbox

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	scratch = "/tmp"      // the private file system
	workDir = "/tmp/work" // the empty directory in it
	patient = 10 * time.Second
)

// bubblewrap starts commands under the bwrap binary at path.
type bubblewrap struct {
	path    string
	filter  []byte
	cgroups string // where to make cgroups, "" for nowhere
}

// confinedProcess is a command under bwrap. The tree is: bwrap, which waits and has its
// exit status; the init of the pid namespace; the command.
type confinedProcess struct {
	cmd    *exec.Cmd
	init   int // its process id out here
	pidfd  int // of init
	root   int // the private file system, for fstatfs; -1 before it was opened
	inodes uint64
	cgroup *cgroup
	done   chan struct{}

	// Read after done.
	status status
	err    error
}

// status is what bwrap says on its status descriptor, in several JSON documents.
type status struct {
	ChildPID int  `json:"child-pid"`
	ExitCode *int `json:"exit-code"`
}

// start has bwrap set the sandbox up and stop short of starting the command, puts
// the limits in place, and lets go.
func (b bubblewrap) start(c Command, l Limits, s *streams) (process, error) {
	var given handed
	defer given.close()
	statusR, statusW, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() {
		if statusR != nil {
			statusR.Close()
		}
	}()
	goR, goW, err := os.Pipe()
	if err != nil {
		statusW.Close()
		return nil, err
	}
	defer goW.Close()

	args := []string{
		"--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
		"--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "sandbox",
		"--json-status-fd", given.add(statusW, len(c.Files)),
		"--block-fd", given.add(goR, len(c.Files)),
	}
	if len(b.filter) > 0 {
		fd, err := given.data(b.filter, len(c.Files))
		if err != nil {
			return nil, err
		}
		args = append(args, "--seccomp", fd)
	}
	args = append(args, "--size", strconv.FormatInt(l.Disk, 10), "--tmpfs", scratch, "--dir", workDir)
	for _, device := range []string{"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"} {
		args = append(args, "--dev-bind", device, device)
	}
	args = append(args, binds(c)...)
	if c.Proc {
		args = append(args, "--proc", "/proc")
	} else {
		// The race runtime reads GORACE here and nowhere else, and the binary's name there.
		fd, err := given.data(raceOptions(c.Env), len(c.Files))
		if err != nil {
			return nil, err
		}
		args = append(args, "--ro-bind-data", fd, "/proc/self/environ", "--symlink", c.Path, "/proc/self/exe")
	}
	dir := c.Dir
	if dir == "" {
		dir = workDir
	}
	args = append(args, "--remount-ro", "/", "--chdir", dir, "--", c.Path)

	p := &confinedProcess{pidfd: -1, root: -1, inodes: uint64(l.Inodes), done: make(chan struct{})}
	p.cmd = command(c, b.path, append(args, c.Args...), scratch, s)
	p.cmd.ExtraFiles = append(p.cmd.ExtraFiles, given.files...)
	detach(p.cmd)
	if b.cgroups != "" {
		if p.cgroup, err = newCgroup(b.cgroups, l); err != nil {
			return nil, err
		}
		p.cgroup.adopt(p.cmd)
	}
	if err := p.cmd.Start(); err != nil {
		p.release()
		return nil, fmt.Errorf("cannot start bubblewrap: %w", err)
	}
	given.close() // or the status would never end

	docs := json.NewDecoder(bufio.NewReader(statusR))
	statusR.SetReadDeadline(time.Now().Add(patient))
	err = docs.Decode(&p.status)
	if err == nil {
		err = p.adopt(l)
	}
	if err != nil {
		p.cmd.Process.Kill()
		p.cmd.Wait()
		p.release()
		s.collect()
		_, said := s.finish()
		return nil, fmt.Errorf("bubblewrap cannot set up the sandbox: %s", firstLine(said, err))
	}
	statusR.SetReadDeadline(time.Time{})
	goW.Write([]byte{0})
	go p.wait(statusR, docs)
	statusR = nil
	return p, nil
}

// adopt takes hold of the process that is blocked on its way to the command.
func (p *confinedProcess) adopt(l Limits) (err error) {
	p.init = p.status.ChildPID
	if p.pidfd, err = unix.PidfdOpen(p.init, 0); err != nil {
		return err
	}
	if err := limitProcess(p.init, l); err != nil {
		return err
	}
	// In a user namespace of its own the count starts at zero. The kernel does not
	// count for root, whom the watcher alone holds.
	return lower(p.init, unix.RLIMIT_NPROC, uint64(l.Processes+taskMargin))
}

// wait runs until bwrap has ended, which it does when the command has.
func (p *confinedProcess) wait(statusR *os.File, docs *json.Decoder) {
	defer close(p.done)
	defer statusR.Close()
	for docs.Decode(&p.status) == nil {
	}
	p.cmd.Wait()
}

func (p *confinedProcess) ended() <-chan struct{} { return p.done }

func (p *confinedProcess) usage(max int) usage {
	u := measure(p.init, max+1)
	u.tasks-- // init
	p.cgroup.account(&u)
	return u
}

func (p *confinedProcess) capped() End { return p.cgroup.exceeded() }

func (p *confinedProcess) disk() (full bool) {
	if p.root < 0 && len(children(p.dir())) > 0 { // else it is still being set up
		p.root, _ = unix.Open(p.dir()+"/root"+scratch, unix.O_PATH|unix.O_CLOEXEC, 0)
	}
	var fs unix.Statfs_t
	if p.root < 0 || unix.Fstatfs(p.root, &fs) != nil {
		return false
	}
	return fs.Bfree == 0 || fs.Files-fs.Ffree > p.inodes
}

func (p *confinedProcess) quit() {
	if pids := children(p.dir()); len(pids) > 0 {
		unix.Kill(pids[0], unix.SIGQUIT) // the command; orphans come after it
	}
}

// dir is init's directory in /proc.
func (p *confinedProcess) dir() string { return "/proc/" + strconv.Itoa(p.init) }

// destroy kills the namespace's init. The kernel then kills all the others, and init
// does not count as dead before they are.
func (p *confinedProcess) destroy() error {
	unix.PidfdSendSignal(p.pidfd, unix.SIGKILL, nil, 0)
	dead := []unix.PollFd{{Fd: int32(p.pidfd), Events: unix.POLLIN}}
	deadline := time.Now().Add(patient)
	for {
		n, err := unix.Poll(dead, int(time.Until(deadline).Milliseconds())+1)
		if n == 1 {
			break
		}
		if err != unix.EINTR || time.Now().After(deadline) {
			p.cmd.Process.Kill()
			<-p.done
			p.release()
			return errors.New("the sandbox does not die")
		}
	}
	<-p.done
	return p.release()
}

// release gives up what is held besides the processes, which are dead.
func (p *confinedProcess) release() error {
	if p.pidfd >= 0 {
		unix.Close(p.pidfd)
	}
	if p.root >= 0 {
		unix.Close(p.root)
	}
	p.pidfd, p.root = -1, -1
	return p.cgroup.remove()
}

// result takes the exit status from bwrap, which reports a signal in the manner of the
// shell: 128 and its number. A command that exits with such a code looks the same.
func (p *confinedProcess) result() (code int, signal string, err error) {
	if p.status.ExitCode == nil {
		return 0, "", errors.New("bubblewrap did not say how the command ended")
	}
	code = *p.status.ExitCode
	if name := unix.SignalName(unix.Signal(code - 128)); code > 128 && name != "" {
		return 0, name, nil
	}
	return code, "", nil
}

// binds shows the binary, its libraries and what the command names. Parents come
// before what lies in them, so that they do not hide it.
func binds(c Command) (args []string) {
	how := map[string]string{c.Path: "--ro-bind"}
	for _, path := range append(libraries(c.Path), c.ReadOnly...) {
		how[filepath.Clean(path)] = "--ro-bind"
	}
	for _, path := range c.Writable {
		how[filepath.Clean(path)] = "--bind"
	}
	paths := make([]string, 0, len(how))
	for path := range how {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		args = append(args, how[path], path, path)
	}
	return args
}

// raceOptions returns what the race runtime is to find in place of /proc/self/environ:
// its own variable, and none of the others.
func raceOptions(env []string) []byte {
	options := ""
	for _, entry := range env {
		if strings.HasPrefix(entry, "GORACE=") {
			options = entry + "\x00"
		}
	}
	return []byte(options)
}

func firstLine(said []byte, err error) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(said)), "\n")
	if line == "" {
		return err.Error()
	}
	return strings.TrimPrefix(line, "bwrap: ")
}
