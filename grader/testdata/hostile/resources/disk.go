// want: output-limit or out-of-memory or timeout in every check
// chapter: 03-limits
// must not: leave a file, write a file

// Fills the disk with large files, with one that is all holes, and with empty ones.

package process

import (
	"fmt"
	"os"
)

func Double(n int) int {
	for i := 0; ; i++ {
		os.WriteFile(fmt.Sprint("/tmp/large", i), make([]byte, 1<<20), 0o600)
	}
}

func Echo(text string) (string, error) {
	for i := 0; ; i++ {
		os.Mkdir(fmt.Sprint("/tmp/empty", i), 0o700)
	}
}
