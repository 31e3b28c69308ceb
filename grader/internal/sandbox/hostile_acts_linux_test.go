package sandbox

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func init() {
	for name, act := range map[string]func(args []string){
		"daemon": daemon, "forkbomb": forkbomb, "rawbomb": rawbomb, "tables": tables, "grader": grader, "preparing": preparing, "ready": ready, "loopback": loopback, "threads": threads, "burn": burn, "burners": burners,
		"memory": memory, "memories": memories, "disk": fillDisk, "inodes": fillInodes, "open": openMany,
		"read": read, "list": list, "write": write, "dial": dial, "stubborn": stubborn, "die": die,
		"forbidden": forbidden, "killall": killall, "cat": cat, "descriptors": descriptors, "keep": keep, "work": work,
	} {
		acts[name] = act
	}
}

// again starts another process of this binary that plays an act.
func again(act string, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), actVar+"="+act)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

// say writes to descriptor 3.
func say(word string) { os.NewFile(3, "three").WriteString(word) }

// daemon leaves behind a process in a session of its own, whose parent is dead, and that
// holds on to every stream: the first argument is how much of that is still to do.
func daemon(args []string) {
	if args[0] == "0" {
		signal.Ignore(syscall.SIGHUP, syscall.SIGTERM, syscall.SIGINT)
		say("daemon")
		os.NewFile(5, "five").WriteString("x")
		select {}
	}
	n, _ := strconv.Atoi(args[0])
	cmd := again("daemon", strconv.Itoa(n-1))
	cmd.ExtraFiles = []*os.File{os.NewFile(3, "three"), os.NewFile(4, "four"), os.NewFile(5, "five")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		say(err.Error())
	}
	if n == 2 {
		// The daemon must be alive when the command ends, or it would be no test.
		os.NewFile(4, "four").Read(make([]byte, 1))
	}
}

func cat(args []string) {
	text, err := os.ReadFile(args[0])
	fmt.Print(string(text), err)
}

// descriptors prints those that were inherited: the runtime's own are close-on-exec.
func descriptors([]string) {
	for fd := range uintptr(1000) {
		if flags, err := unix.FcntlInt(fd, unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			fmt.Print(fd, " ")
		}
	}
}

// keep leaves a file in the working directory, if none is there yet, and prints it.
func keep(args []string) {
	if f, err := os.OpenFile("kept", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err == nil {
		f.WriteString(args[0])
		f.Close()
	}
	text, _ := os.ReadFile("kept")
	fmt.Print(string(text))
}

// forkbomb doubles itself, as often as the argument says, and stays.
func forkbomb(args []string) {
	if n, _ := strconv.Atoi(args[0]); n > 0 {
		for range 2 {
			again("forkbomb", strconv.Itoa(n-1)).Start()
		}
	}
	time.Sleep(time.Minute)
}

// rawbomb forks without end, as fast as the kernel lets it.
func rawbomb([]string) {
	for {
		unix.RawSyscall(unix.SYS_CLONE, uintptr(unix.SIGCHLD), 0, 0)
	}
}

func threads([]string) {
	for range 1000 {
		go func() {
			runtime.LockOSThread()
			syscall.Pause()
		}()
	}
	select {}
}

var burned int

func burn([]string) {
	for n := 0; ; n++ {
		burned = n
	}
}

func burners([]string) {
	for range 3 {
		again("burn").Start()
	}
	select {}
}

// memory touches as many megabytes as the argument says, and stays.
func memory(args []string) {
	all := touch(args[0])
	time.Sleep(time.Minute)
	runtime.KeepAlive(all)
}

// work does so too, and then works for 300 ms of processor time.
func work(args []string) {
	all := touch(args[0])
	var use unix.Rusage
	for use.Utime.Nano() < int64(300*time.Millisecond) {
		unix.Getrusage(unix.RUSAGE_SELF, &use)
	}
	runtime.KeepAlive(all)
}

func touch(megabytes string) (all [][]byte) {
	n, _ := strconv.Atoi(megabytes)
	for range n {
		block := make([]byte, 1<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		all = append(all, block)
	}
	return all
}

func memories([]string) {
	for range 4 {
		again("memory", "100").Start()
	}
	select {}
}

// tables reads one byte in each of very many pages, which all are the kernel's one page of
// zeros: what grows is the table of the pages.
func tables([]string) {
	const step = 2 << 20
	area, err := unix.Mmap(-1, 0, 128<<30, unix.PROT_READ, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE)
	if err != nil {
		fmt.Println(err)
		return
	}
	unix.Madvise(area, unix.MADV_NOHUGEPAGE)
	sum := byte(0)
	for i := 0; i < len(area); i += step {
		sum += area[i]
	}
	fmt.Println(sum)
	select {}
}

// ready says so and stays.
func ready([]string) {
	say("ready")
	select {}
}

// grader runs a command in the sandbox of the given kind.
func grader(args []string) {
	s, err := Open(args[0])
	if err != nil {
		say(err.Error())
		return
	}
	self, _ := os.Executable()
	s.Run(context.Background(), Command{
		Path: self, Env: []string{actVar + "=ready"}, Files: []*os.File{os.NewFile(3, "three")},
	}, ample)
}

// preparing sets a sandbox up, and is ready before it has let the command start.
func preparing([]string) {
	streams, err := newStreams(ample.Output)
	if err != nil {
		say(err.Error())
		return
	}
	path, _ := exec.LookPath("bwrap")
	self, _ := os.Executable()
	b, err := fit(path)
	if err != nil {
		say(err.Error())
		return
	}
	_, err = b.prepare(Command{
		Path: self, Env: []string{actVar + "=block"}, Files: []*os.File{os.NewFile(3, "three")},
	}, ample, streams)
	if err != nil {
		say(err.Error())
		return
	}
	say("ready")
	select {}
}

func fillDisk([]string) {
	for n := 0; ; n++ {
		err := os.WriteFile(fmt.Sprint("file", n), make([]byte, 1<<20), 0o600)
		if err != nil {
			fmt.Println(n, err)
			select {}
		}
	}
}

func fillInodes([]string) {
	for n := 0; ; n++ {
		if err := os.Mkdir(fmt.Sprint("dir", n), 0o700); err != nil {
			fmt.Println(n, err)
			return
		}
	}
}

func openMany([]string) {
	var files []*os.File
	for {
		f, err := os.Open(os.DevNull)
		if err != nil {
			fmt.Print(len(files) < maxOpenFiles, err)
			return
		}
		files = append(files, f)
	}
}

// read reads each path, and says which could be read.
func read(args []string) {
	for _, path := range args {
		if _, err := os.ReadFile(path); err == nil {
			fmt.Println(path)
		} else if _, err := os.ReadDir(path); err == nil {
			fmt.Println(path)
		}
	}
}

// list prints every path that can be seen, but of /proc and /dev only the name.
func list([]string) {
	filepath.WalkDir("/", func(path string, entry os.DirEntry, err error) error {
		fmt.Println(path)
		return nil
	})
}

// write tries to create a file in each directory, and says where it could.
func write(args []string) {
	for _, dir := range args {
		if os.WriteFile(filepath.Join(dir, "written-by-a-test"), []byte("x"), 0o600) == nil {
			fmt.Println(dir)
		}
	}
	self, _ := os.Executable()
	if f, err := os.OpenFile(self, os.O_WRONLY, 0); err == nil {
		f.Close()
		fmt.Println("the binary")
	}
}

func dial(args []string) {
	for _, address := range args {
		network, address, _ := strings.Cut(address, " ")
		if conn, err := net.DialTimeout(network, address, time.Second); err == nil {
			conn.Close()
			fmt.Println(network, address)
		}
	}
}

// loopback talks to itself, which chapters about servers need.
func loopback([]string) {
	for network, address := range map[string]string{"tcp": "127.0.0.1:0", "unix": "socket"} {
		listener, err := net.Listen(network, address)
		if err != nil {
			fmt.Print(err)
			return
		}
		conn, err := net.Dial(network, listener.Addr().String())
		if err != nil {
			fmt.Print(err)
			return
		}
		conn.Close()
		listener.Close()
	}
	fmt.Print("both")
}

func stubborn([]string) {
	signal.Ignore(syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
	signal.Notify(make(chan os.Signal, 1)) // and whatever else can be caught
	say("ready")
	select {}
}

// die sends itself the signal given as a number.
func die(args []string) {
	n, _ := strconv.Atoi(args[0])
	signal.Reset()
	unix.Kill(os.Getpid(), unix.Signal(n))
	select {}
}

// forbidden tries what seccomp refuses, and says what worked.
func forbidden([]string) {
	for name, try := range map[string]func() error{
		"memfd":   func() error { _, err := unix.MemfdCreate("x", 0); return err },
		"shm":     func() error { _, err := unix.SysvShmGet(0, 4096, 0o1600); return err },
		"vsock":   func() error { _, err := unix.Socket(unix.AF_VSOCK, unix.SOCK_STREAM, 0); return err },
		"netlink": func() error { _, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW, 0); return err },
		"packet":  func() error { _, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0); return err },
		"unshare": func() error { return unix.Unshare(unix.CLONE_NEWUSER) },
		"setns":   func() error { return unix.Setns(0, 0) },
		"mount":   func() error { return unix.Mount("none", "/tmp", "tmpfs", 0, "") },
		"ptrace":  func() error { return unix.PtraceAttach(os.Getppid()) },
		"keyring": func() error { _, err := unix.KeyctlGetKeyringID(unix.KEY_SPEC_SESSION_KEYRING, true); return err },
		"clone": func() error {
			cmd := again("exit", "0")
			cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER}
			return cmd.Run()
		},
		"io_uring": func() error {
			if _, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, 1, 0, 0); errno != unix.EPERM {
				return nil // EFAULT: the kernel had a look
			}
			return unix.EPERM
		},
	} {
		if err := try(); err == nil {
			fmt.Println(name)
		}
	}
}

// killall sends SIGKILL to all it can see, and SIGKILL and SIGSTOP to its parent.
func killall([]string) {
	syscall.Kill(-1, syscall.SIGKILL)
	syscall.Kill(os.Getppid(), syscall.SIGSTOP)
	syscall.Kill(os.Getppid(), syscall.SIGKILL)
	fmt.Print("still here, parent ", os.Getppid())
}
