// want: output-limit in every check
// chapter: 03-limits

package process

import "os"

func Double(n int) int {
	for {
		os.Stdout.WriteString("for ever and ever\n")
	}
}

func Echo(text string) (string, error) {
	for {
		print("for ever and ever\n")
	}
}
