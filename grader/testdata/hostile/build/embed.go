// want: rejected in policy
// must not: read a secret

// Embeds the hidden tests.

package counter

import (
	_ "embed"
	"io"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)  { c.n += n }
func (c *Counter) Value() int { return c.n }

//go:embed hidden/counter_test.go
var tests string

func Size(r io.Reader) (int, error) { return 0, errors(tests) }

type errors string

func (e errors) Error() string { return string(e) }
