//go:build amd64 || arm64

package sandbox

import (
	"bytes"
	"encoding/binary"
	"runtime"

	"golang.org/x/sys/unix"
)

// refused are the system calls that fail with EPERM. Nothing that the go command, a C
// compiler or a Go test does needs them.
var refused = []uint32{
	// Other processes, and the inside of the kernel.
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_KCMP,
	unix.SYS_PIDFD_GETFD, unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD,
	unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY,
	unix.SYS_IO_URING_SETUP, unix.SYS_IO_URING_ENTER, unix.SYS_IO_URING_REGISTER,
	// Namespaces and mounts.
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT,
	unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT, unix.SYS_FSOPEN, unix.SYS_FSMOUNT, unix.SYS_MOUNT_SETATTR,
	unix.SYS_OPEN_BY_HANDLE_AT, unix.SYS_NAME_TO_HANDLE_AT,
	// Memory that belongs to no process, so that watching the processes does not see it.
	unix.SYS_MEMFD_CREATE, unix.SYS_MEMFD_SECRET,
	unix.SYS_SHMGET, unix.SYS_MSGGET, unix.SYS_SEMGET, unix.SYS_MQ_OPEN,
	// The machine.
	unix.SYS_KEXEC_LOAD, unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_DELETE_MODULE,
	unix.SYS_SWAPON, unix.SYS_SWAPOFF, unix.SYS_REBOOT, unix.SYS_SYSLOG, unix.SYS_QUOTACTL, unix.SYS_ACCT,
}

// newNamespaces are the flags of clone(2) that make a namespace.
const newNamespaces = unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWNET |
	unix.CLONE_NEWIPC | unix.CLONE_NEWUTS | unix.CLONE_NEWCGROUP

// sockets are the address families allowed. Others, such as vsock, do not all obey network namespaces.
var sockets = []uint32{unix.AF_UNIX, unix.AF_INET, unix.AF_INET6}

// x32 marks the system calls of amd64's second ABI, which would go round the numbers above.
const x32 = 0x4000_0000

// Offsets into struct seccomp_data; the arguments' low halves, on little-endian machines.
const (
	offsetCall = 0
	offsetArch = 4
	offsetArg0 = 16
)

// filter returns the seccomp program for this machine as bubblewrap reads it, an array
// of struct sock_filter.
func filter() []byte {
	arch := uint32(unix.AUDIT_ARCH_X86_64)
	if runtime.GOARCH == "arm64" {
		arch = unix.AUDIT_ARCH_AARCH64
	}
	const (
		load   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		atMost = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
		anyBit = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
		ret    = unix.BPF_RET | unix.BPF_K
	)
	var p []unix.SockFilter
	add := func(code uint16, k uint32, yes, no uint8) {
		p = append(p, unix.SockFilter{Code: code, Jt: yes, Jf: no, K: k})
	}
	fail := func(errno unix.Errno) { add(ret, unix.SECCOMP_RET_ERRNO|uint32(errno), 0, 0) }

	add(load, offsetArch, 0, 0)
	add(equal, arch, 1, 0)
	add(ret, unix.SECCOMP_RET_KILL_PROCESS, 0, 0)
	add(load, offsetCall, 0, 0)
	if runtime.GOARCH == "amd64" {
		add(atMost, x32, 0, 1)
		fail(unix.ENOSYS)
	}
	for _, call := range refused {
		add(equal, call, 0, 1)
		fail(unix.EPERM)
	}
	// The filter cannot follow clone3's pointer; without it the C library uses clone.
	add(equal, unix.SYS_CLONE3, 0, 1)
	fail(unix.ENOSYS)

	add(equal, unix.SYS_CLONE, 0, 4)
	add(load, offsetArg0, 0, 0)
	add(anyBit, newNamespaces, 0, 1)
	fail(unix.EPERM)
	add(ret, unix.SECCOMP_RET_ALLOW, 0, 0)

	add(equal, unix.SYS_SOCKET, 0, uint8(len(sockets)+2))
	add(load, offsetArg0, 0, 0)
	for i, family := range sockets {
		add(equal, family, uint8(len(sockets)-i), 0)
	}
	fail(unix.EAFNOSUPPORT)
	add(ret, unix.SECCOMP_RET_ALLOW, 0, 0)

	var b bytes.Buffer
	binary.Write(&b, binary.NativeEndian, p)
	return b.Bytes()
}
