// want: pass

// Has init functions, package variables with work to do, a table and a large array.

package counter

import (
	"errors"
	"io"
	"sync"
)

var (
	table = func() (t [256]int) {
		for i := range t {
			t[i] = i
		}
		return
	}()
	buffer  [1 << 20]byte
	errDone = errors.New("done")
	mu      sync.Mutex
)

func init() { table[0] = 0 }
func init() { buffer[0] = 1 }

type Counter struct{ n int }

func (c *Counter) Add(n int) {
	mu.Lock()
	c.n += table[n]
	mu.Unlock()
}

func (c *Counter) Value() int {
	mu.Lock()
	defer mu.Unlock()
	return c.n
}

func Size(r io.Reader) (int, error) {
	n, err := 0, error(nil)
	for err == nil {
		var m int
		m, err = r.Read(buffer[:])
		n += m
		if errors.Is(err, io.EOF) {
			err = errDone
		}
	}
	if err == errDone {
		err = nil
	}
	return n, err
}
