//go:build unix

package interleave

import (
	"io"
	"os"

	"golang.org/x/sys/unix"
)

const maxStderr = 1 << 20 // bytes kept of what the detector prints in one schedule

// captureStderr returns what is written to standard error, by the race detector above
// all, while f runs. What cannot be captured goes where it always goes.
//
// The program under test may have closed its standard streams. A new pipe would then get
// their numbers, and be replaced by itself: so all that is opened here lies above them.
func captureStderr(f func()) string {
	r, w, err := pipe()
	if err != nil {
		f()
		return ""
	}
	defer r.Close()
	old, closed := above(2) // closed: there is none to put back
	text := make(chan []byte, 1)
	go func() {
		b, _ := io.ReadAll(io.LimitReader(r, maxStderr))
		io.Copy(io.Discard, r)
		text <- b
	}()
	unix.Dup2(int(w.Fd()), 2)
	w.Close()
	f()
	if closed != nil {
		unix.Close(2)
	} else {
		unix.Dup2(old, 2)
		unix.Close(old)
	}
	return string(<-text)
}

// pipe returns a pipe whose descriptors are no standard streams.
func pipe() (r, w *os.File, err error) {
	low := [2]int{}
	if err := unix.Pipe(low[:]); err != nil {
		return nil, nil, err
	}
	defer unix.Close(low[0])
	defer unix.Close(low[1])
	read, err := above(low[0])
	if err != nil {
		return nil, nil, err
	}
	write, err := above(low[1])
	if err != nil {
		unix.Close(read)
		return nil, nil, err
	}
	return os.NewFile(uintptr(read), "stderr"), os.NewFile(uintptr(write), "stderr"), nil
}

// above duplicates fd to a number above the standard streams'.
func above(fd int) (int, error) { return unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3) }

// printStderr passes on what was captured.
func printStderr(text string) { os.Stderr.WriteString(text) }
