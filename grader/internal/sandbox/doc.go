// Package sandbox runs one command within limits and says how it ended, never
// what that means.
//
// There are two sandboxes. "bwrap" confines the command with bubblewrap on
// Linux; "none" only limits it. Both share the clocks, the caps and the promise
// that when Run returns, what it started is dead: bwrap keeps that promise by
// killing the init of a pid namespace, which nothing inside can escape; none
// does what it can, see [Open].
//
// # Layers of bwrap
//
//   - Namespaces (user, pid, mount, net, ipc, uts, cgroup): no other process, no
//     network but an empty loopback, no file but those named.
//   - A read-only root that holds the binary, the shared libraries its ELF header
//     asks for and nothing else. Unless the command asks for one there is no /proc but
//     for two files: the race runtime takes its options from /proc/self/environ, and a
//     program its own name from /proc/self/exe.
//   - One tmpfs, /tmp, with a cap on bytes (the kernel's) and on files (watched).
//   - No capabilities, no new privileges, a session of its own, the environment
//     given and no more.
//   - A seccomp filter. Namespaces hide objects; the filter removes doors of the
//     kernel itself: memory that no process's resident size shows (memfd, System V
//     shared memory), sockets that no network namespace confines (vsock), new
//     namespaces, ptrace, bpf, io_uring, keyrings.
//   - rlimits on open files, file size, processes, processor time and core dumps.
//
// Landlock would restrict the same paths that the mount namespace already leaves
// out, so it is not used.
//
// # What is watched
//
// RLIMIT_AS cannot cap memory: a race-enabled binary maps gigabytes before it
// starts. Every few milliseconds the resident size, the processor time and the
// number of tasks of the whole tree are summed up from /proc, and the tree is killed
// when a sum passes its limit. A cgroup, where the user was given one, caps memory
// and tasks exactly.
//
// # Non-goals
//
// The sandbox does not hide that it is one, does not slow a command down to a
// share of the processor, and does not defend against a bug in the kernel.
package sandbox
