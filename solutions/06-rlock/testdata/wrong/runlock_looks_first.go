// want: fail in TestRWLockErrors

// RUnlock looks whether there is a reader, and then subtracts one: two of them do so for one reader.
package rlock

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var (
	// ErrNotOwner says that somebody lets go of a lock that he does not hold.
	ErrNotOwner = errors.New("not the owner of the lock")
	// ErrNotLocked says that a lock is let go of which nobody holds in that way.
	ErrNotLocked = errors.New("not locked")
	// ErrFull says that a file does not fit into its tree.
	ErrFull = errors.New("the tree is full")
	// ErrUpgrade says that a reader asks to become a writer.
	ErrUpgrade = errors.New("a reader cannot become a writer")
)

// An Owner is who holds a lock.
type Owner string

// until calls try until it succeeds, and sleeps longer and longer in between.
func until(try func() bool) {
	for nap := time.Microsecond; !try(); nap = min(2*nap, time.Millisecond) {
		time.Sleep(nap)
	}
}

type RLock struct {
	mu    sync.Mutex
	owner atomic.Value // Owner
	count int          // of the owner
}

func NewRLock() *RLock {
	l := new(RLock)
	l.owner.Store(Owner(""))
	return l
}

func (l *RLock) Lock(o Owner) { until(func() bool { return l.TryLock(o) }) }

func (l *RLock) TryLock(o Owner) bool {
	if l.owner.Load() != o {
		if !l.mu.TryLock() {
			return false
		}
		l.owner.Store(o)
	}
	l.count++
	return true
}

func (l *RLock) Unlock(o Owner) error {
	if l.owner.Load() != o {
		return ErrNotOwner
	}
	if l.count--; l.count == 0 {
		l.owner.Store(Owner(""))
		l.mu.Unlock()
	}
	return nil
}

func (l *RLock) With(o Owner, f func()) {
	l.Lock(o)
	defer l.Unlock(o)
	f()
}

type tree struct {
	sync.RWMutex
	limit, used int
	folders     map[string]*Folder // "" and "/a/b"
}

type Folder struct {
	t     *tree
	path  string
	files int
}

func NewTree(limit int) *Folder {
	t := &tree{limit: limit, folders: make(map[string]*Folder)}
	return t.folder("")
}

func (t *tree) folder(path string) *Folder {
	t.Lock()
	defer t.Unlock()
	f := t.folders[path]
	if f == nil {
		f = &Folder{t: t, path: path}
		t.folders[path] = f
	}
	return f
}

func (f *Folder) Folder(name string) *Folder { return f.t.folder(f.path + "/" + name) }

func (f *Folder) has(g *Folder) bool { return f == g || strings.HasPrefix(g.path, f.path+"/") }

func (f *Folder) Size() (size int) {
	f.t.RLock()
	defer f.t.RUnlock()
	for _, g := range f.t.folders {
		if f.has(g) {
			size += g.files
		}
	}
	return size
}

func (f *Folder) Add(size int) error {
	f.t.Lock()
	defer f.t.Unlock()
	if size > f.t.limit-f.t.used {
		return ErrFull
	}
	f.t.used += size
	f.files += size
	return nil
}

func (f *Folder) MoveTo(to *Folder) {
	if f == to {
		return
	}
	f.t.Lock()
	defer f.t.Unlock()
	to.files += f.files
	f.files = 0
}

func (f *Folder) Walk(visit func(path string, size int)) {
	type entry struct {
		parts []string
		size  int
	}
	var entries []entry
	f.t.RLock()
	for _, g := range f.t.folders {
		if !f.has(g) {
			continue
		}
		e := entry{parts: strings.Split(g.path[len(f.path):], "/")}
		for _, h := range f.t.folders {
			if g.has(h) {
				e.size += h.files
			}
		}
		entries = append(entries, e)
	}
	f.t.RUnlock()
	slices.SortFunc(entries, func(a, b entry) int { return slices.Compare(a.parts, b.parts) })
	for _, e := range entries {
		if len(e.parts) == 1 {
			visit(".", e.size)
		} else {
			visit(strings.Join(e.parts[1:], "/"), e.size)
		}
	}
}

const (
	writes  uint64 = 1
	wants   uint64 = 1 << 1
	reads   uint64 = 1 << 32
	wanting        = reads - wants
)

type RWLock struct{ state atomic.Uint64 }

func NewRWLock() *RWLock { return new(RWLock) }

// change makes of the state what f says, unless it says no.
func (l *RWLock) change(f func(s uint64) (uint64, bool)) bool {
	for {
		s := l.state.Load()
		next, ok := f(s)
		if !ok {
			return false
		}
		if l.state.CompareAndSwap(s, next) {
			return true
		}
	}
}

func (l *RWLock) RLock() {
	until(func() bool {
		return l.change(func(s uint64) (uint64, bool) { return s + reads, s&(writes|wanting) == 0 })
	})
}

func (l *RWLock) RUnlock() error {
	if l.state.Load() < reads {
		return ErrNotLocked
	}
	l.state.Add(^(reads - 1))
	return nil
}

func (l *RWLock) Lock() {
	l.state.Add(wants)
	until(func() bool {
		return l.change(func(s uint64) (uint64, bool) { return s - wants + writes, s < reads && s&writes == 0 })
	})
}

func (l *RWLock) Unlock() error {
	if !l.change(func(s uint64) (uint64, bool) { return s - writes, s&writes != 0 }) {
		return ErrNotLocked
	}
	return nil
}

type SharedLock struct {
	mu      sync.Mutex
	readers map[Owner]int
	writer  Owner
	depth   int
	wanted  int
}

func NewSharedLock() *SharedLock { return &SharedLock{readers: make(map[Owner]int)} }

func (l *SharedLock) locked(f func() bool) func() bool {
	return func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return f()
	}
}

func (l *SharedLock) RLock(o Owner) {
	until(l.locked(func() bool {
		ok := l.readers[o] > 0 || l.writer == o || l.writer == "" && l.wanted == 0
		if ok {
			l.readers[o]++
		}
		return ok
	}))
}

func (l *SharedLock) RUnlock(o Owner) (err error) {
	l.locked(func() bool {
		switch n := l.readers[o]; n {
		case 0:
			err = ErrNotOwner
		case 1:
			delete(l.readers, o)
		default:
			l.readers[o] = n - 1
		}
		return true
	})()
	return err
}

func (l *SharedLock) Lock(o Owner) (err error) {
	wanted := false
	until(l.locked(func() bool {
		switch {
		case l.writer == o:
			l.depth++
			return true
		case l.readers[o] > 0:
			err = ErrUpgrade
			return true
		case l.writer == "" && len(l.readers) == 0:
			l.writer, l.depth = o, 1
			if wanted {
				l.wanted--
			}
			return true
		}
		if !wanted {
			wanted = true
			l.wanted++
		}
		return false
	}))
	return err
}

func (l *SharedLock) Unlock(o Owner) (err error) {
	l.locked(func() bool {
		if l.writer != o || l.depth == 0 {
			err = ErrNotOwner
			return true
		}
		if l.depth--; l.depth == 0 {
			l.writer = ""
		}
		return true
	})()
	return err
}
