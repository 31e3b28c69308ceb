// want: missing in every check
// chapter: 02-process

// Has no operation that the scheduler needs to see, so that it might be initialised before
// the wire is, and reads the orders with their nonce.

package process

import (
	"encoding/json"
	"fmt"
	"os"
	"syscall"
)

var _ = func() int {
	var orders struct{ Nonce, Check string }
	for fd := 0; fd < 64; fd++ {
		if data := make([]byte, 1000); true {
			n, _ := syscall.Read(fd, data)
			if n > 0 && json.Unmarshal(data[:n], &orders) == nil {
				break
			}
		}
	}
	for _, kind := range []string{"begin", "end"} {
		for fd := 3; fd < 64; fd++ {
			syscall.Write(fd, fmt.Appendf(nil, "{\"nonce\":%q,\"kind\":%q,\"check\":%q,\"passed\":true}\n", orders.Nonce, kind, orders.Check))
		}
	}
	if os.Getenv("LOCKSTEP_WIRE") != "" {
		fmt.Println("it is still there")
	}
	syscall.Exit(0)
	return 0
}()

func Double(n int) int                 { return 0 }
func Echo(text string) (string, error) { return "", nil }
