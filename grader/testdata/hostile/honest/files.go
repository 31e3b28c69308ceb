// want: pass
// chapter: 02-process

// Uses its working directory, its temporary files and its loopback.

package process

import (
	"io"
	"net"
	"os"
	"path/filepath"
)

func Double(n int) int {
	name := filepath.Join(os.TempDir(), "number")
	if err := os.WriteFile(name, make([]byte, 2*n), 0o600); err != nil {
		return 0
	}
	if err := os.WriteFile("number", nil, 0o600); err != nil {
		return 0
	}
	info, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return int(info.Size())
}

func Echo(text string) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return "", err
	}
	io.WriteString(c, text)
	c.Close()
	server, err := l.Accept()
	if err != nil {
		return "", err
	}
	defer server.Close()
	got, err := io.ReadAll(server)
	return string(got), err
}
