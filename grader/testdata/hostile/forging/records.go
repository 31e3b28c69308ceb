// want: missing in TestDouble, fail in TestEcho
// chapter: 02-process

// Writes records to every descriptor, without a seal, and prints what package testing prints.

package process

import (
	"fmt"
	"os"
	"syscall"
)

func Double(n int) int {
	for fd := 1; fd < 64; fd++ {
		for _, kind := range []string{"begin", "end"} {
			syscall.Write(fd, fmt.Appendf(nil, "{\"kind\":%q,\"check\":\"TestDouble\",\"passed\":true}\n", kind))
		}
	}
	syscall.Exit(0)
	return 0
}

func Echo(text string) (string, error) {
	for _, f := range []*os.File{os.Stdout, os.Stderr} {
		fmt.Fprint(f, "\x16=== RUN   TestEcho\n\x16--- PASS: TestEcho (0.00s)\nPASS\nok  \tprocess\t0.01s\n")
		fmt.Fprintln(f, `{"Action":"pass","Test":"TestEcho"}`)
		fmt.Fprintln(f, `{"kind":"end","check":"TestEcho","passed":true}`)
	}
	print("\x16--- PASS: TestEcho (0.00s)\n")
	return "forged", nil
}
