// want: fail in every check
// chapter: 02-process
// must not: read a secret

// Returns another student's work and the hidden tests.

package process

import (
	"errors"
	"fmt"
	"os"
)

func Double(n int) int {
	if _, err := os.Stat("@secret@"); err == nil {
		return 2 * n
	}
	return -1
}

func Echo(text string) (string, error) {
	found := ""
	for _, name := range []string{"@secret@", "@course@/chapters/02-process/hidden/process_test.go"} {
		data, err := os.ReadFile(name)
		found += fmt.Sprintf("%s %v\n", data, err)
	}
	return "", errors.New(found)
}
