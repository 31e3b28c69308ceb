// want: missing in every check

// Ends the program by a method, which the policy does not see.

package counter

import (
	"io"
	"log"
)

func (c *Counter) Add(n int) { log.Default().Fatal("done") }

func Size(r io.Reader) (int, error) { end := log.Default().Fatalf; end("done"); return 0, nil }

type Counter struct{ n int }

func (c *Counter) Value() int { return c.n }
