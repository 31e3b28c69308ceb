// want: build-failed in build
// must not: change the report, read a secret

// The compiler quotes what it does not like.

package counter

import "io"

type Counter struct{}

var wrong int = "\x1b[31m\n::h4ck::</h4ck>" + `
::h4ck::
##[h4ck]
<h4ck>`

func (c *Counter) Add(n int)              {}
func (c *Counter) Value() int             { return "=h4ck()" }
func Size(r io.Reader) (h4ck struct{ string }, err int) { return ::h4ck:: }
