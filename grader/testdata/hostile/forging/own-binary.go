// want: fail in TestEcho, fail in TestDouble
// chapter: 02-process
// must not: read a secret

// Looks for the tests and the key in its own binary.

package process

import (
	"bytes"
	"os"
)

func Echo(text string) (string, error) {
	self, _ := os.Executable()
	binary, _ := os.ReadFile(self)
	for _, word := range []string{"amber", "crimson", "indigo", "key"} {
		if at := bytes.Index(binary, []byte(word+"-")); at >= 0 {
			return string(binary[at : at+20]), nil
		}
	}
	return "", os.WriteFile(self, nil, 0o755)
}

func Double(n int) int { return -1 }
