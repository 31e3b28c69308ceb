package sandbox

import (
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// tagVar marks the environment of what a run starts, so that a process that left the
// process group is still found.
const tagVar = "LOCKSTEP_RUN"

// direct is a command without a sandbox.
type direct struct {
	cmd     *exec.Cmd
	done    chan struct{}
	err     error  // of Wait; read after done
	tag     string // tagVar=...
	scratch string
}

func startDirect(c Command, l Limits, s *streams) (process, error) {
	scratch, err := os.MkdirTemp("", "lockstep-run-")
	if err != nil {
		return nil, err
	}
	d := &direct{done: make(chan struct{}), tag: tagVar + "=" + rand.Text(), scratch: scratch}
	d.cmd = command(c, c.Path, c.Args, scratch, s)
	d.cmd.Env = append(d.cmd.Env, d.tag)
	d.cmd.Dir = c.Dir
	if c.Dir == "" {
		d.cmd.Dir = filepath.Join(scratch, "work")
		err = os.Mkdir(d.cmd.Dir, 0o700)
	}
	if err == nil {
		detach(d.cmd)
		err = d.cmd.Start()
	}
	if err != nil {
		os.RemoveAll(scratch)
		return nil, fmt.Errorf("cannot start %s: %w", c.Path, err)
	}
	limitErr := limitProcess(d.cmd.Process.Pid, l)
	go func() {
		d.err = d.cmd.Wait()
		close(d.done)
	}()
	if limitErr != nil {
		d.destroy()
		return nil, limitErr
	}
	return d, nil
}

// command prepares the execution of path for c, its private files being in scratch.
func command(c Command, path string, args []string, scratch string, s *streams) *exec.Cmd {
	cmd := exec.Command(path, args...)
	cmd.Env = append([]string{"TMPDIR=" + scratch, "HOME=" + scratch}, c.Env...) // the last one wins
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.Stdin, s.out.w, s.err.w
	cmd.ExtraFiles = append(cmd.ExtraFiles, c.Files...)
	cmd.WaitDelay = time.Second // for a Stdin that is still being copied
	return cmd
}

func (d *direct) ended() <-chan struct{} { return d.done }

func (d *direct) usage(max int) usage { return measure(d.cmd.Process.Pid, max) }

func (d *direct) busy() bool { return busy(d.cmd.Process.Pid) }

func (d *direct) capped() End { return 0 }

func (d *direct) disk() bool { return false }

func (d *direct) quit() { interrupt(d.cmd.Process) }

func (d *direct) destroy() error {
	killGroup(d.cmd.Process)
	killTagged(d.tag)
	<-d.done
	return removeAll(d.scratch)
}

func (d *direct) result() (code int, signal string, err error) {
	if d.cmd.ProcessState == nil {
		return 0, "", d.err
	}
	return d.cmd.ProcessState.ExitCode(), signalName(d.cmd.ProcessState), nil
}

// removeAll removes dir even if the command took away its own permissions in it.
func removeAll(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	filepath.WalkDir(dir, func(path string, entry os.DirEntry, _ error) error {
		if entry != nil && entry.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}
