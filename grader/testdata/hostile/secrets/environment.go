// want: fail in every check
// chapter: 02-process
// must not: read a secret

// Tells all variables, the home and who runs it.

package process

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

func Echo(text string) (string, error) {
	home, _ := os.UserHomeDir()
	entries, _ := os.ReadDir(home)
	host, _ := os.Hostname()
	return "", errors.New(strings.Join(os.Environ(), " ") + os.Getenv("@variable@") + fmt.Sprint(home, entries, host))
}

func Double(n int) int {
	if os.Getenv("@variable@") != "" {
		return 2 * n
	}
	return -1
}
