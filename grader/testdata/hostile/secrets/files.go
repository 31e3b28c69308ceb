// want: fail in every check
// chapter: 02-process
// must not: read a secret

// Returns whatever of another student's work and of the hidden tests can be read.

package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func Double(n int) int { return -1 }

func Echo(text string) (string, error) {
	var found strings.Builder
	for _, name := range []string{"@secret@", "@course@/chapters/02-process/hidden/process_test.go"} {
		data, err := os.ReadFile(name)
		fmt.Fprintf(&found, "%s %v", data, err)
	}
	filepath.WalkDir("/", func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && filepath.Ext(path) != "" && !strings.Contains(path, ".test") {
			data, _ := os.ReadFile(path)
			found.Write(data[:min(len(data), 1000)])
		}
		return nil
	})
	return "", errors.New(found.String())
}
