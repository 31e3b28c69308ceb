// want: deadlock or timeout in every check
// chapter: 03-limits
// must not: delay others

// Waits for what never comes, in ways that the runtime sees and does not.

package process

import (
	"net"
	"os"
	"sync"
)

func Double(n int) int {
	var mu sync.Mutex
	mu.Lock()
	mu.Lock()
	return 0
}

func Echo(text string) (string, error) {
	r, _, _ := os.Pipe()
	l, _ := net.Listen("tcp", "127.0.0.1:0")
	go r.Read(make([]byte, 1))
	l.Accept()
	return "", nil
}
