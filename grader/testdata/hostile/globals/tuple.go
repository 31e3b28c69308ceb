// want: rejected in policy
// must not: change others

// Assigns in a tuple, in parentheses, under another name.

package counter

import plumbing "io"
import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() { _, (plumbing.EOF) = 1, nil }
