// want: fail in TestSharedDowngrade, fail in TestSharedWriterIsAlone

// The first Unlock of a writer who has locked twice says that nobody writes.
package rlock

import (
	"errors"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
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

type holder struct{ reads, writes int }

type SharedLock struct {
	mu      sync.Mutex
	free    *sync.Cond
	holders map[Owner]*holder
	writing bool
	waiting int // writers
}

func NewSharedLock() *SharedLock {
	l := &SharedLock{holders: make(map[Owner]*holder)}
	l.free = sync.NewCond(&l.mu)
	return l
}

func (l *SharedLock) of(o Owner) *holder {
	if l.holders[o] == nil {
		l.holders[o] = new(holder)
	}
	return l.holders[o]
}

// left forgets a holder who holds nothing.
func (l *SharedLock) left(o Owner) {
	if *l.holders[o] == (holder{}) {
		delete(l.holders, o)
	}
	l.free.Broadcast()
}

func (l *SharedLock) RLock(o Owner) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.holders[o] == nil && (l.writing || l.waiting > 0) {
		l.free.Wait()
	}
	l.of(o).reads++
}

func (l *SharedLock) RUnlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.holders[o]
	if h == nil || h.reads == 0 {
		return ErrNotOwner
	}
	h.reads--
	l.left(o)
	return nil
}

func (l *SharedLock) lock(o Owner, wait bool) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.holders[o]; h != nil {
		if h.writes == 0 {
			return false, ErrUpgrade
		}
		h.writes++
		return true, nil
	}
	if len(l.holders) > 0 {
		if !wait {
			return false, nil
		}
		l.waiting++
		for len(l.holders) > 0 {
			l.free.Wait()
		}
		l.waiting--
	}
	l.of(o).writes++
	l.writing = true
	return true, nil
}

func (l *SharedLock) Lock(o Owner) error {
	_, err := l.lock(o, true)
	return err
}

func (l *SharedLock) Unlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	h := l.holders[o]
	if h == nil || h.writes == 0 {
		return ErrNotOwner
	}
	h.writes--
	l.writing = false
	l.left(o)
	return nil
}

type RLock struct{ l *SharedLock }

func NewRLock() *RLock { return &RLock{NewSharedLock()} }

func (l *RLock) Lock(o Owner)         { l.l.Lock(o) }
func (l *RLock) Unlock(o Owner) error { return l.l.Unlock(o) }
func (l *RLock) TryLock(o Owner) bool {
	ok, _ := l.l.lock(o, false)
	return ok
}

func (l *RLock) With(o Owner, f func()) {
	l.Lock(o)
	defer l.Unlock(o)
	f()
}

// An RWLock makes up an owner for every call.
type RWLock struct {
	l       *SharedLock
	last    atomic.Int64
	mu      sync.Mutex
	readers []Owner
	writer  Owner
}

func NewRWLock() *RWLock { return &RWLock{l: NewSharedLock()} }

func (l *RWLock) somebody() Owner { return Owner(strconv.FormatInt(l.last.Add(1), 36)) }

func (l *RWLock) RLock() {
	o := l.somebody()
	l.l.RLock(o)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.readers = append(l.readers, o)
}

func (l *RWLock) RUnlock() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.readers)
	if n == 0 {
		return ErrNotLocked
	}
	o := l.readers[n-1]
	l.readers = l.readers[:n-1]
	return l.l.RUnlock(o)
}

func (l *RWLock) Lock() {
	o := l.somebody()
	l.l.Lock(o)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writer = o
}

func (l *RWLock) Unlock() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.writer == "" {
		return ErrNotLocked
	}
	o := l.writer
	l.writer = ""
	return l.l.Unlock(o)
}

type Folder struct {
	mu     *sync.RWMutex // of the tree
	limit  int
	up     *Folder
	name   string
	files  int
	total  int
	inside []*Folder // by name
}

func NewTree(limit int) *Folder { return &Folder{mu: new(sync.RWMutex), limit: limit} }

func (f *Folder) Folder(name string) *Folder {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := sort.Search(len(f.inside), func(i int) bool { return f.inside[i].name >= name })
	if i < len(f.inside) && f.inside[i].name == name {
		return f.inside[i]
	}
	sub := &Folder{mu: f.mu, limit: f.limit, up: f, name: name}
	f.inside = append(f.inside, nil)
	copy(f.inside[i+1:], f.inside[i:])
	f.inside[i] = sub
	return sub
}

func (f *Folder) Size() int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.total
}

func (f *Folder) put(size int) {
	f.files += size
	for at := f; at != nil; at = at.up {
		at.total += size
	}
}

func (f *Folder) root() *Folder {
	for f.up != nil {
		f = f.up
	}
	return f
}

func (f *Folder) Add(size int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if size > f.limit-f.root().total {
		return ErrFull
	}
	f.put(size)
	return nil
}

func (f *Folder) MoveTo(to *Folder) {
	f.mu.Lock()
	defer f.mu.Unlock()
	files := f.files
	f.put(-files)
	to.put(files)
}

func (f *Folder) Walk(visit func(path string, size int)) {
	f.mu.RLock()
	var paths []string
	var sizes []int
	var look func(f *Folder, path string)
	look = func(f *Folder, path string) {
		paths = append(paths, path)
		sizes = append(sizes, f.total)
		for _, in := range f.inside {
			if path == "." {
				look(in, in.name)
			} else {
				look(in, path+"/"+in.name)
			}
		}
	}
	look(f, ".")
	f.mu.RUnlock()
	for i, path := range paths {
		visit(path, sizes[i])
	}
}
