// want: fail in every check
// chapter: 03-limits
// must not: delay others

// Opens files, pipes and sockets until there are none, and reports that it could not.

package process

import (
	"errors"
	"fmt"
	"net"
	"os"
)

var all []any

func Double(n int) int {
	for range 100_000 {
		r, w, err := os.Pipe()
		if err != nil {
			return len(all)
		}
		all = append(all, r, w)
	}
	return 2 * n
}

func Echo(text string) (string, error) {
	for {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", errors.New(fmt.Sprint(len(all), err))
		}
		all = append(all, l)
	}
}
