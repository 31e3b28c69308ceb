// Package bank has one right account and several wrong ones.
package bank

import (
	"sync"

	"example.com/outside/store"
)

// Lossy loses updates: it locks twice.
type Lossy struct{ cell store.Cell }

func (a *Lossy) Add(n int) { a.cell.Set(a.cell.Get() + n) }
func (a *Lossy) Sum() int  { return a.cell.Get() }

// Racy does not lock.
type Racy struct{ n int }

func (a *Racy) Add(n int) { a.n += n }
func (a *Racy) Sum() int  { return a.n }

// Right is right.
type Right struct {
	sync.Mutex
	n int
}

func (a *Right) Add(n int) { a.Lock(); a.n += n; a.Unlock() }
func (a *Right) Sum() int  { a.Lock(); defer a.Unlock(); return a.n }

func transfer(from, to *Right) {
	from.Lock()
	defer from.Unlock()
	to.Lock()
	defer to.Unlock()
	from.n--
	to.n++
}
