// want: fail or missing or output-limit in TestEcho, panic or output-limit in TestDouble
// chapter: 02-process
// must not: change the report, delay others

// A message of ten megabytes, in one line and in very many.

package process

import (
	"errors"
	"strings"
)

func Double(n int) int { panic(strings.Repeat("h4ck\n", 2<<20)) }

func Echo(text string) (string, error) {
	return strings.Repeat("h4ck", 5<<19), errors.New(strings.Repeat("\n", 10<<20))
}
