// want: pass

// Zählt, 数える: identifiers and strings of other alphabets, a raw string of many lines.

package counter

import (
	"fmt"
	"io"
	"sync"
)

const hilfe = `
::error:: is a string here
=1+1
//go:norace
` + "\u202e\x1b[31m"

type Counter struct {
	sperre sync.RWMutex
	größe  int
}

func (c *Counter) Add(数 int) {
	c.sperre.Lock()
	defer c.sperre.Unlock()
	c.größe += 数
	_ = fmt.Sprint(hilfe)
}

func (c *Counter) Value() int {
	c.sperre.RLock()
	defer c.sperre.RUnlock()
	return c.größe
}

func Size(r io.Reader) (int, error) {
	π, err := io.Copy(io.Discard, r)
	return int(π), err
}
