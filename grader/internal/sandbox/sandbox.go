package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Sandbox runs commands. Any number of goroutines may call Run at a time; runs share nothing.
type Sandbox interface {
	// Name returns "bwrap" or "none".
	Name() string

	// Run starts c, waits until it has ended or hit a limit, kills all it left behind
	// and returns. Cancelling ctx kills it at once.
	Run(ctx context.Context, c Command, l Limits) Outcome
}

// Command is what to run.
type Command struct {
	Path  string     // absolute path of the binary
	Args  []string   // arguments, without the name
	Env   []string   // the whole environment; TMPDIR and HOME are added unless given
	Dir   string     // working directory; "" is a private empty one, gone after the run
	Stdin io.Reader  // nil reads nothing; what is not an *os.File must not block for ever
	Files []*os.File // inherited as descriptors 3, 4, ...; they stay the caller's

	// What "bwrap" shows, at the same path, besides the binary and its libraries.
	// Writable wins over ReadOnly. "none" shows everything.
	ReadOnly []string // absolute paths of files or directories
	Writable []string

	// Proc asks for a /proc, of the command's own pid namespace. With it come /proc/self/mem, by
	// which code can rewrite the tests it is linked with, and a race runtime that obeys
	// whatever GORACE a child is given. Starting os.Executable again needs none.
	Proc bool
}

// Limits bound one run. All are required: a field that is not positive is Trouble.
type Limits struct {
	Wall      time.Duration // in which none of its threads runs or could; in all, Stretch times that
	CPU       time.Duration // of all its processes together
	Memory    int64         // bytes resident in all its processes together
	Output    int64         // bytes, stdout and stderr each
	Processes int           // processes and their threads together, as the kernel counts them
	Disk      int64         // bytes of the private file system, and of any one file
	Inodes    int           // files and directories of the private file system
}

// Outcome is how a run ended.
type Outcome struct {
	End      End
	ExitCode int    // of Exited
	Signal   string // of Signalled, "SIGSEGV"; under bwrap an exit code of 128 and a signal's number looks the same
	Err      error  // of Trouble, for the reader of the grader's messages

	Wall       time.Duration // from the start of the command to its end
	CPU        time.Duration // of all its processes, sampled: up to 25 ms late
	PeakMemory int64         // bytes, sampled likewise

	Stdout, Stderr []byte // what was printed, up to Limits.Output
}

// Open returns a sandbox of the kind asked for: "bwrap", "none", or "auto", which is
// bwrap where it works and none elsewhere. The error says why bwrap does not work here.
//
// What none gives up: the command sees the machine's files, network and processes, and only single
// files are capped, not the disk; orphans escape the count of memory, time and tasks; a
// process that both leaves its process group and clears its environment survives; and
// outside Linux only the wall clock and the output are limited.
func Open(kind string) (Sandbox, error) {
	keepToSelf()
	switch kind {
	case "none":
		return confined{"none", startDirect}, nil
	case "bwrap", "auto":
		start, err := openBwrap()
		if err == nil {
			return confined{"bwrap", start}, nil
		}
		if kind == "auto" {
			return confined{"none", startDirect}, nil
		}
		return nil, err
	}
	return nil, fmt.Errorf("unknown sandbox %q: it is auto, bwrap or none", kind)
}

func (c Command) check() error {
	for _, path := range append(append([]string{c.Path}, c.ReadOnly...), c.Writable...) {
		if !filepath.IsAbs(path) {
			return fmt.Errorf("path %q is not absolute", path)
		}
	}
	_, err := os.Stat(c.Path)
	return err
}

func (l Limits) check() error {
	if l.Wall <= 0 || l.CPU <= 0 || l.Memory <= 0 || l.Output <= 0 || l.Processes <= 0 || l.Disk <= 0 || l.Inodes <= 0 {
		return errors.New("every limit must be positive")
	}
	return nil
}
