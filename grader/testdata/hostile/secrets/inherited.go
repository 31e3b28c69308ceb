// want: fail in every check
// chapter: 02-process
// must not: read a secret

// Reads every descriptor that it was started with, those of the orders included.

package process

import (
	"bytes"
	"fmt"
	"syscall"
)

func Double(n int) int {
	var all bytes.Buffer
	for fd := 3; fd < 1024; fd++ {
		if syscall.SetNonblock(fd, true) == nil && fd > 5 {
			continue // the runtime's own
		}
		data := make([]byte, 1000)
		if n, err := syscall.Read(fd, data); err == nil && n > 0 {
			all.Write(data[:n])
		}
	}
	if bytes.Contains(all.Bytes(), []byte(`"key"`)) {
		return 2 * n
	}
	return -1
}

func Echo(text string) (string, error) {
	var stat syscall.Stat_t
	leaked := ""
	for fd := 6; fd < 1024; fd++ {
		if syscall.Fstat(fd, &stat) == nil && stat.Mode&syscall.S_IFMT == syscall.S_IFREG {
			leaked += fmt.Sprint(fd, " ")
		}
	}
	if leaked != "" {
		return text, nil
	}
	return "", nil
}
