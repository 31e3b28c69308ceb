// want: rejected in policy

// Counts in C, which the detector does not see.

package counter

// static int n;
// static void add(int by) { n += by; }
import "C"

import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func more() { C.add(1) }
