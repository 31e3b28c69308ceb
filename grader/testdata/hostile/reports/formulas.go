// want: fail in TestEcho, panic in TestDouble
// chapter: 02-process
// must not: change the report

// Formulas for those who open the report in a spreadsheet.

package process

import (
	"errors"
)

const nasty = "=HYPERLINK(\"http://h4ck.example\")"

type formula string

func (f formula) Error() string { return string(f) }

func Double(n int) int { panic(formula(nasty)) }

func Echo(text string) (string, error) { return "\t@h4ck(A1)", errors.New("+h4ck" + nasty) }
