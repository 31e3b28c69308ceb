// want: fail in TestEcho, panic in TestDouble
// chapter: 02-process
// must not: change the report

// HTML, XML, Markdown.

package process

import (
	"errors"
)

const nasty = "]]><h4ck>\n</failure></testcase><h4ck name=\"forged\"/>\n<h4ck onload=alert(1)> ```\n# h4ck\n| a | [h4ck](javascript:h4ck)"

func Double(n int) int { panic(nasty) }

func Echo(text string) (string, error) { return nasty, errors.New(nasty) }
