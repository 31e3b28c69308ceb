// want: fail or panic or deadlock or missing in every check

// Ends the goroutine of an explored scenario before it compares anything.

package counter

import (
	"io"
	"runtime"
	"sync"
)

type Counter struct{ mu sync.Mutex }

func (c *Counter) Add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
}

func (c *Counter) Value() int {
	runtime.Goexit()
	return 0
}

func Size(r io.Reader) (int, error) {
	runtime.Goexit()
	return 0, nil
}
