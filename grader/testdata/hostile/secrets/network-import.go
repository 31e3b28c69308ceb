// want: rejected in policy
// must not: reach the network

// Brings a network library along.

package counter

import (
	"io"
	"net/http"
)

type Counter struct{ n int }

func (c *Counter) Add(n int)        { c.n += n }
func (c *Counter) Value() int       { return c.n }
func Size(r io.Reader) (int, error) { return 12, nil }

func init() { http.Get("http://@tcp@/") }
