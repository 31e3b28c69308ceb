// Package purses moves coins.
package purses

import "sync"

// Purse holds coins.
type Purse struct {
	mu    sync.Mutex
	coins int
}

// New returns a purse with coins in it.
func New(coins int) *Purse { return &Purse{coins: coins} }

// Coins returns how many coins there are.
func (p *Purse) Coins() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.coins
}

// Give moves one coin from p to q. It always ends, whoever gives to whom meanwhile.
func (p *Purse) Give(q *Purse) {
	// TODO(3.1): move a coin.
}
