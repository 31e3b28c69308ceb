// want: rejected in policy

package counter

import (
	"io"
	quit "os"
)

type Counter struct{}

func (c *Counter) Add(n int)        { (quit.Exit)(0) }
func (c *Counter) Value() int       { return 0 }
func Size(r io.Reader) (int, error) { return 0, nil }
