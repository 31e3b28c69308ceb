// want: fail in every check
// chapter: 02-process
// must not: change the report

// Text that is no text: invalid UTF-8, halves of pairs, runes that XML forbids.

package process

import (
	"errors"
	"os"
)

const nasty = "\xff\xfe\xed\xa0\x80\xc3(\uffff\x0b\u2028\U000e0041\u0301\u0301\u0301\u0301\u0301"

func Double(n int) int { os.Stdout.WriteString(nasty); return -1 }

func Echo(text string) (string, error) { return nasty, errors.New(nasty) }
