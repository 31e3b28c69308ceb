package sandbox

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

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
}

// status is what bwrap says on its status descriptor, in several JSON documents.
type status struct {
	ChildPID int  `json:"child-pid"`
	ExitCode *int `json:"exit-code"`
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
