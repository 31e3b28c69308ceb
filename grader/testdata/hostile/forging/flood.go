// want: missing in TestDouble, fail in TestEcho
// chapter: 02-process
// must not: change the report

// Floods the private line, and the report of package testing.

package process

import (
	"bytes"
	"syscall"
)

func flood(fd int, text string) {
	for range 100 {
		syscall.Write(fd, bytes.Repeat([]byte(text), 10_000))
	}
}

func Double(n int) int { flood(3, "{}\n{\"kind\":"); return 2 * n }

func Echo(text string) (string, error) { flood(5, "--- PASS: TestEcho\nPASS\n"); return "", nil }
