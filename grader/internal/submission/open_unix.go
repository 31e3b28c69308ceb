//go:build unix

package submission

import (
	"fmt"
	"os"
	"syscall"
)

// openRegular opens name without following a link and without waiting for a pipe's
// other end, and checks again, on the open file, that it is regular.
func openRegular(root *os.Root, name string) (*os.File, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, fmt.Errorf("only a regular file is graded")
	}
	return f, nil
}
