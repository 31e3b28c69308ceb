// want: fail in every check
// chapter: 02-process
// must not: change the report

// Terminal escapes, C1 and bidi characters in results, errors and prints.

package process

import (
	"errors"
	"os"
)

const nasty = "\\x1b[2J\\x1b]8;;http://h4ck.example\\x07link\\x1b]8;;\\x07\\u009b31m\\u202e\\u2066\\r\\b\\x00\\x7f"

func Double(n int) int { os.Stdout.WriteString(nasty); os.Stderr.WriteString(nasty); return -1 }

func Echo(text string) (string, error) { return nasty + "\n" + nasty, errors.New(nasty) }
