package sandbox

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	scratch = "/tmp"      // the private file system
	workDir = "/tmp/work" // the empty directory in it
	patient = 10 * time.Second

	// dying is how long the kernel may take to kill a namespace. A fork bomb has very many
	// processes before anybody has looked, and each needs a processor once more to end.
	dying = 2 * time.Minute
)

// bubblewrap starts commands under the bwrap binary at path.
type bubblewrap struct {
	path    string
	filter  []byte
	cgroups string // where to make cgroups, "" for nowhere
	around  enclosure
}

// start sets the sandbox up, puts the limits in place, and lets the command start.
func (b bubblewrap) start(c Command, l Limits, s *streams) (process, error) {
	p, err := b.prepare(c, l, s)
	if err != nil {
		return nil, err
	}
	p.proceed()
	return p, nil
}

// prepare has bwrap set the sandbox up and stop short of starting the command, within limits
// already.
func (b bubblewrap) prepare(c Command, l Limits, s *streams) (*confinedProcess, error) {
	p := &confinedProcess{pidfd: -1, root: -1, inodes: uint64(l.Inodes), done: make(chan struct{})}
	if err := b.launch(p, c, l, s); err != nil {
		p.abandon()
		return nil, err
	}
	if err := p.adopt(l); err != nil {
		p.abandon()
		s.collect()
		_, said := s.finish()
		return nil, fmt.Errorf("bubblewrap cannot set up the sandbox: %s", firstLine(said, err))
	}
	return p, nil
}

// launch starts bwrap with everything that is given to it.
func (b bubblewrap) launch(p *confinedProcess, c Command, l Limits, s *streams) (err error) {
	given := handed{before: len(c.Files)}
	defer given.close() // or the status would never end
	if p.status, err = given.pipeFrom("--json-status-fd"); err != nil {
		return err
	}
	if p.gate, err = given.pipeTo("--block-fd"); err != nil {
		return err
	}
	args, err := b.arguments(c, l, &given)
	if err != nil {
		return err
	}
	given.args = nil // they are among args
	argsW, err := given.pipeTo("--args")
	if err != nil {
		return err
	}
	defer argsW.Close()

	p.cmd = command(c, b.path, append(append(given.args, "--", c.Path), c.Args...), scratch, s)
	p.cmd.ExtraFiles = append(p.cmd.ExtraFiles, given.files...)
	detach(p.cmd)
	b.around.apply(p.cmd.SysProcAttr)
	if b.cgroups != "" {
		if p.cgroup, err = newCgroup(b.cgroups, l); err != nil {
			return err
		}
		p.cgroup.adopt(p.cmd)
	}
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("cannot start bubblewrap: %w", err)
	}
	// Without these it can start nothing. By now it is bound to die with this process. (If
	// nobody reads them, it has said on stderr why.)
	argsW.WriteString(strings.Join(args, "\x00") + "\x00")
	return nil
}

// arguments returns the options of bwrap.
func (b bubblewrap) arguments(c Command, l Limits, given *handed) ([]string, error) {
	args := []string{
		"--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
		"--die-with-parent", "--new-session", "--cap-drop", "ALL", "--hostname", "sandbox",
	}
	if len(b.filter) > 0 {
		if err := given.content(b.filter, "--seccomp"); err != nil {
			return nil, err
		}
	}
	args = append(args, "--size", strconv.FormatInt(l.Disk, 10), "--tmpfs", scratch, "--dir", workDir)
	for _, device := range []string{"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"} {
		args = append(args, "--dev-bind", device, device)
	}
	args = append(args, binds(c)...)
	if c.Proc {
		args = append(args, "--proc", "/proc")
	} else {
		// The race runtime reads its options here and nowhere else, and its own name there.
		if err := given.content(raceOptions(c.Env), "--ro-bind-data", "/proc/self/environ"); err != nil {
			return nil, err
		}
		args = append(args, "--symlink", c.Path, "/proc/self/exe")
	}
	dir := c.Dir
	if dir == "" {
		dir = workDir
	}
	args = append(args, given.args...)
	return append(args, "--remount-ro", "/", "--chdir", dir), nil
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
