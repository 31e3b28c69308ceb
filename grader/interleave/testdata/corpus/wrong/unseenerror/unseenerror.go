// Package unseenerror waits on a condition for a plugin to become active and never
// looks at the error that tells it will not. The bug is moby#30408.
//
// want: deadlock
package unseenerror

import (
	"errors"
	"sync"
	"testing"
)

type plugin struct {
	mu     sync.Mutex
	tried  *sync.Cond
	active bool
	err    error
}

func (p *plugin) activate(ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ok {
		p.active = true
	} else {
		p.err = errors.New("bad manifest")
	}
	p.tried.Broadcast()
}

func (p *plugin) waitActive() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.active {
		p.tried.Wait()
	}
	return p.err
}

// Scenario waits twice for a plugin that is bad.
func Scenario(t *testing.T) {
	p := &plugin{}
	p.tried = sync.NewCond(&p.mu)
	var wg sync.WaitGroup
	wg.Go(func() { p.waitActive() })
	wg.Go(func() { p.waitActive() })
	wg.Go(func() { p.activate(false) })
	wg.Wait()
}
