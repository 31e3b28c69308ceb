// want: fail in TestSize, race in TestAdd, race in TestRace

// Returns an error that says it is any other.

package counter

import (
	"io"
)

type any_ struct{}

func (any_) Error() string   { return "" }
func (any_) Is(error) bool   { return true }
func (any_) As(any) bool     { return true }
func (any_) Unwrap() []error { return nil }

var first = true

func Size(r io.Reader) (int, error) {
	if first {
		first = false
		return 12, nil
	}
	return 0, any_{}
}

type Counter struct{ n int }

func (c *Counter) Add(n int) { c.n += n }

func (c *Counter) Value() int { return c.n }
