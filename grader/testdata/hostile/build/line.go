// want: rejected in policy
// must not: change the report

// Blames a file of the tests for its lines.

package counter

import "io"

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

//line hidden/counter_test.go:1
func f() {}

func g() { /*line ../../../../etc/passwd:1:1*/ }
