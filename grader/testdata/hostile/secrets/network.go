// want: fail in every check
// chapter: 02-process
// must not: reach the network

package process

import (
	"fmt"
	"net"
	"time"
)

func Double(n int) int {
	for _, a := range [][2]string{{"tcp", "@tcp@"}, {"unix", "@unix@"}, {"tcp", "192.0.2.1:80"}} {
		if c, err := net.DialTimeout(a[0], a[1], time.Second); err == nil {
			fmt.Fprint(c, "secrets-network")
			c.Close()
		}
	}
	return -1
}

func Echo(text string) (string, error) {
	addresses, err := net.LookupHost("key.example.com")
	return fmt.Sprint(addresses, err), nil
}
