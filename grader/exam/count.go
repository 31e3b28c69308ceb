package exam

import "sync/atomic"

// Count counts calls. The zero value is ready; any goroutine may use it. It orders
// nothing, so that it hides no race of the program under test.
type Count struct{ n atomic.Int64 }

// Add counts one more and returns which one it was, from 1.
func (c *Count) Add() int {
	silence()
	defer speak()
	return int(c.n.Add(1))
}

// Load returns the number so far.
func (c *Count) Load() int {
	silence()
	defer speak()
	return int(c.n.Load())
}

// Peak counts how many are inside at the same time, and remembers the most there ever
// were. The zero value is ready; any goroutine may use it. Like Count it orders nothing.
type Peak struct{ inside, most atomic.Int64 }

// Enter counts the caller in. Whoever enters must Leave.
func (p *Peak) Enter() {
	silence()
	defer speak()
	now := p.inside.Add(1)
	for most := p.most.Load(); now > most; most = p.most.Load() {
		if p.most.CompareAndSwap(most, now) {
			return
		}
	}
}

// Leave counts the caller out.
func (p *Peak) Leave() {
	silence()
	defer speak()
	p.inside.Add(-1)
}

// Most returns the highest number that was ever inside together.
func (p *Peak) Most() int {
	silence()
	defer speak()
	return int(p.most.Load())
}
