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
func captureStderr(f func()) string {
	r, w, err := os.Pipe()
	if err != nil {
		f()
		return ""
	}
	defer r.Close()
	old, err := unix.Dup(2)
	if err != nil {
		w.Close()
		f()
		return ""
	}
	unix.CloseOnExec(old)
	text := make(chan []byte, 1)
	go func() {
		b, _ := io.ReadAll(io.LimitReader(r, maxStderr))
		io.Copy(io.Discard, r)
		text <- b
	}()
	unix.Dup2(int(w.Fd()), 2)
	w.Close()
	f()
	unix.Dup2(old, 2)
	unix.Close(old)
	return string(<-text)
}

// printStderr passes on what was captured.
func printStderr(text string) { os.Stderr.WriteString(text) }
