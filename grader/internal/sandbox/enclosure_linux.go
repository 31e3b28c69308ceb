package sandbox

import (
	"os"
	"syscall"
)

// enclosure are the namespaces, as clone flags, that bwrap itself is started in. It is the
// init of the pid namespace, so that the kernel kills all in it when bwrap dies, and bwrap
// dies with this process. Without it a process would be left if this one is killed while
// bwrap sets up: --die-with-parent reaches the command's own init only after that.
type enclosure uintptr

// enclosures are the ways to get one, the best first: as root, in a user namespace, none,
// where the kernel lets bwrap alone make namespaces.
var enclosures = []enclosure{syscall.CLONE_NEWPID, syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID, 0}

func (e enclosure) apply(attr *syscall.SysProcAttr) {
	attr.Cloneflags = uintptr(e)
	if e&syscall.CLONE_NEWUSER != 0 {
		attr.UidMappings = same(os.Geteuid())
		attr.GidMappings = same(os.Getegid())
	}
}

// same maps id to itself.
func same(id int) []syscall.SysProcIDMap {
	return []syscall.SysProcIDMap{{ContainerID: id, HostID: id, Size: 1}}
}
