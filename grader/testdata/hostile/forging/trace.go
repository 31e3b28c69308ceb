// want: missing in every check
// chapter: 02-process

// Has the runtime print all it knows, and takes what it can from that.

package process

import (
	"os"
	"runtime"
	"syscall"
)

func stacks() string {
	buffer := make([]byte, 1<<20)
	return string(buffer[:runtime.Stack(buffer, true)])
}

func Double(n int) int {
	syscall.Write(3, []byte(stacks()[:64]+` {"kind":"end","check":"TestDouble","passed":true}`+"\n"))
	os.Exit(0)
	return 0
}

func Echo(text string) (string, error) {
	print(stacks())
	syscall.Exit(0)
	return "", nil
}
