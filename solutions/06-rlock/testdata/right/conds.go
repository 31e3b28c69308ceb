// One condition variable for everything that can be waited for, readers and writers apart;
// a folder knows the bytes below it, so that Size needs no recursion.
package rlock

import (
	"cmp"
	"errors"
	"slices"
	"sync"
)

var (
	ErrNotOwner  = errors.New("not the owner of the lock")
	ErrNotLocked = errors.New("not locked")
	ErrFull      = errors.New("the tree is full")
	ErrUpgrade   = errors.New("a reader cannot become a writer")
)

type Owner string

type RLock struct {
	mu    sync.Mutex
	freed sync.Cond
	owner Owner
	count int
}

func NewRLock() *RLock {
	l := &RLock{}
	l.freed.L = &l.mu
	return l
}

func (l *RLock) others(o Owner) bool { return l.count > 0 && l.owner != o }

func (l *RLock) take(o Owner) {
	l.owner = o
	l.count++
}

func (l *RLock) Lock(o Owner) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.others(o) {
		l.freed.Wait()
	}
	l.take(o)
}

func (l *RLock) TryLock(o Owner) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.others(o) {
		return false
	}
	l.take(o)
	return true
}

func (l *RLock) Unlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count == 0 || l.owner != o {
		return ErrNotOwner
	}
	if l.count--; l.count == 0 {
		l.freed.Signal()
	}
	return nil
}

func (l *RLock) With(o Owner, f func()) {
	l.Lock(o)
	defer func() { l.Unlock(o) }()
	f()
}

type Folder struct {
	mu      *sync.RWMutex // of the tree
	limit   int
	name    string
	parent  *Folder
	own     int
	total   int
	folders []*Folder // by name
}

func NewTree(limit int) *Folder { return &Folder{mu: new(sync.RWMutex), limit: limit} }

func (f *Folder) Folder(name string) *Folder {
	f.mu.Lock()
	defer f.mu.Unlock()
	at, found := slices.BinarySearchFunc(f.folders, name, func(g *Folder, name string) int { return cmp.Compare(g.name, name) })
	if !found {
		f.folders = slices.Insert(f.folders, at, &Folder{mu: f.mu, limit: f.limit, name: name, parent: f})
	}
	return f.folders[at]
}

func (f *Folder) Size() int {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.total
}

func (f *Folder) put(size int) {
	f.own += size
	for ; f != nil; f = f.parent {
		f.total += size
	}
}

func (f *Folder) Add(size int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	root := f
	for root.parent != nil {
		root = root.parent
	}
	if size > f.limit-root.total {
		return ErrFull
	}
	f.put(size)
	return nil
}

func (f *Folder) MoveTo(to *Folder) {
	if f == to {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	size := f.own
	f.put(-size)
	to.put(size)
}

func (f *Folder) Walk(visit func(path string, size int)) {
	var calls []func()
	f.mu.RLock()
	var list func(f *Folder, path string)
	list = func(f *Folder, path string) {
		shown, size := path, f.total
		if shown == "" {
			shown = "."
		} else {
			path += "/"
		}
		calls = append(calls, func() { visit(shown, size) })
		for _, g := range f.folders {
			list(g, path+g.name)
		}
	}
	list(f, "")
	f.mu.RUnlock()
	for _, call := range calls {
		call()
	}
}

type RWLock struct {
	mu              sync.Mutex
	toRead, toWrite sync.Cond
	readers         int // -1: a writer
	writers         int // who wait
}

func NewRWLock() *RWLock {
	l := &RWLock{}
	l.toRead.L, l.toWrite.L = &l.mu, &l.mu
	return l
}

func (l *RWLock) wake() {
	switch {
	case l.readers != 0:
	case l.writers > 0:
		l.toWrite.Signal()
	default:
		l.toRead.Broadcast()
	}
}

func (l *RWLock) RLock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.readers < 0 || l.writers > 0 {
		l.toRead.Wait()
	}
	l.readers++
}

func (l *RWLock) RUnlock() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers <= 0 {
		return ErrNotLocked
	}
	l.readers--
	l.wake()
	return nil
}

func (l *RWLock) Lock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writers++
	for l.readers != 0 {
		l.toWrite.Wait()
	}
	l.writers--
	l.readers = -1
}

func (l *RWLock) Unlock() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers >= 0 {
		return ErrNotLocked
	}
	l.readers = 0
	l.wake()
	return nil
}

// A SharedLock is an RWLock and a book of who holds it how often. Who is in the book for
// reading, or is the writer, needs the RWLock no second time.
type SharedLock struct {
	lock *RWLock

	mu     sync.Mutex // of the book
	reads  map[Owner]int
	writer Owner
	writes int
}

func NewSharedLock() *SharedLock {
	return &SharedLock{lock: NewRWLock(), reads: map[Owner]int{}}
}

func (l *SharedLock) writing(o Owner) bool { return l.writes > 0 && l.writer == o }

func (l *SharedLock) RLock(o Owner) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reads[o] == 0 && !l.writing(o) {
		l.mu.Unlock()
		l.lock.RLock()
		l.mu.Lock()
	}
	l.reads[o]++
}

func (l *SharedLock) RUnlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reads[o] == 0 {
		return ErrNotOwner
	}
	if l.reads[o]--; l.reads[o] == 0 && !l.writing(o) {
		return l.lock.RUnlock()
	}
	return nil
}

func (l *SharedLock) Lock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.writing(o):
		l.writes++
		return nil
	case l.reads[o] > 0:
		return ErrUpgrade
	}
	l.mu.Unlock()
	l.lock.Lock()
	l.mu.Lock()
	l.writer, l.writes = o, 1
	return nil
}

func (l *SharedLock) Unlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.writing(o) {
		return ErrNotOwner
	}
	if l.writes--; l.writes > 0 {
		return nil
	}
	if l.reads[o] > 0 {
		return l.lock.downgrade()
	}
	return l.lock.Unlock()
}

// downgrade makes the writer a reader.
func (l *RWLock) downgrade() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.readers = 1
	if l.writers == 0 {
		l.toRead.Broadcast()
	}
	return nil
}
