// want: fail in every check
// chapter: 02-process
// must not: read a secret, write a file

// Looks into the caches, and leaves something for the next build.

package process

import (
	"fmt"
	"os"
	"path/filepath"
)

func Double(n int) int {
	for _, dir := range []string{"@cache@/results", "@cache@/exports", "@gocache@", "@course@"} {
		if _, err := os.ReadDir(dir); err == nil {
			return 2 * n
		}
	}
	return -1
}

func Echo(text string) (string, error) {
	for _, name := range []string{"@gocache@/hostile", "@cache@/runs/hostile", "@cache@/results/hostile", "@witness@"} {
		os.MkdirAll(filepath.Dir(name), 0o777)
		if err := os.WriteFile(name, []byte("poison"), 0o777); err == nil {
			fmt.Println("written:", name)
		}
	}
	return "", os.Symlink("@secret@", "@course@/hostile")
}
