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
	cmd      *exec.Cmd
	status   *os.File      // where bwrap says what happens
	reports  *json.Decoder // in it
	gate     *os.File      // lets the command start
	init     int           // its process id out here
	pidfd    int           // of init
	root     int           // the private file system, for fstatfs; -1 before it was opened
	inodes   uint64
	cgroup   *cgroup
	done     chan struct{}
	exitCode *int // read after done
}

// report is one of the JSON documents that bwrap writes: the first when init is there, the
// last when the command has ended.
type report struct {
	ExitCode *int `json:"exit-code"`
}

// adopt takes hold of the process that is blocked on its way to the command.
func (p *confinedProcess) adopt(l Limits) (err error) {
	p.status.SetReadDeadline(time.Now().Add(patient))
	defer p.status.SetReadDeadline(time.Time{})
	p.reports = json.NewDecoder(p.status)
	if err := p.reports.Decode(new(report)); err != nil {
		return err
	}
	inits := children("/proc/" + strconv.Itoa(p.cmd.Process.Pid)) // bwrap knows another number
	if len(inits) == 0 {
		return errors.New("there is no process")
	}
	p.init = inits[0]
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

// proceed lets the command start.
func (p *confinedProcess) proceed() {
	p.gate.Write([]byte{0})
	go p.wait()
}

// wait runs until bwrap has ended, which it does when the command has.
func (p *confinedProcess) wait() {
	defer close(p.done)
	var last report
	for p.reports.Decode(&last) == nil {
	}
	p.exitCode = last.ExitCode
	p.cmd.Wait()
}

// abandon ends what has not come as far as proceed.
func (p *confinedProcess) abandon() {
	if p.pidfd >= 0 {
		unix.PidfdSendSignal(p.pidfd, unix.SIGKILL, nil, 0)
	}
	if p.cmd != nil && p.cmd.Process != nil {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	}
	p.release()
}

func (p *confinedProcess) ended() <-chan struct{} { return p.done }

func (p *confinedProcess) usage(max int) usage {
	u := measure(p.init, max+1)
	u.tasks-- // init
	p.cgroup.account(&u)
	return u
}

func (p *confinedProcess) busy() bool { return busy(p.init) }

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
	deadline := time.Now().Add(dying)
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
	for _, end := range []*os.File{p.status, p.gate} {
		end.Close() // of a nil file is an error, and nothing else
	}
	return p.cgroup.remove()
}

// result takes the exit status from bwrap, which reports a signal in the manner of the
// shell: 128 and its number. A command that exits with such a code looks the same.
func (p *confinedProcess) result() (code int, signal string, err error) {
	if p.exitCode == nil {
		return 0, "", errors.New("bubblewrap did not say how the command ended")
	}
	code = *p.exitCode
	if name := unix.SignalName(unix.Signal(code - 128)); code > 128 && name != "" {
		return 0, name, nil
	}
	return code, "", nil
}
