//go:build !unix

package interleave

import "os"

// captureStderr runs f; what the race detector prints goes where it always goes.
func captureStderr(f func()) string {
	f()
	return ""
}

func printStderr(text string) { os.Stderr.WriteString(text) }
