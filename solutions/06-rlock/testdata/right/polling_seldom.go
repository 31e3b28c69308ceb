// Whoever waits for a lock looks every 50 ms.
package rlock

import (
	"errors"
	"maps"
	"slices"
	"sync"
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

// An RLock is polled.
type RLock struct {
	mu    sync.Mutex
	owner Owner
	count int
}

func NewRLock() *RLock { return &RLock{} }

func poll(mu *sync.Mutex, f func() bool) {
	for {
		mu.Lock()
		ok := f()
		mu.Unlock()
		if ok {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (l *RLock) take(o Owner) bool {
	if l.count > 0 && l.owner != o {
		return false
	}
	l.owner = o
	l.count++
	return true
}

func (l *RLock) Lock(o Owner) { poll(&l.mu, func() bool { return l.take(o) }) }

func (l *RLock) TryLock(o Owner) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.take(o)
}

func (l *RLock) Unlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count == 0 || l.owner != o {
		return ErrNotOwner
	}
	l.count--
	return nil
}

func (l *RLock) With(o Owner, f func()) {
	l.Lock(o)
	defer func() { _ = l.Unlock(o) }()
	f()
}

// A Folder holds files and folders.
//
// All folders of a tree share one lock. The exported methods lock it, once, and never
// call each other; the others expect it to be held, and call each other as they like.
// That split is all it takes to do without a re-entrant lock.
type Folder struct {
	tree    *tree
	files   int                // bytes; guarded by tree.mu
	folders map[string]*Folder // guarded by tree.mu
}

// A tree is what all folders of a tree have in common.
type tree struct {
	mu    sync.Mutex
	limit int
	root  *Folder
}

// NewTree returns the root of an empty tree that holds up to limit bytes.
func NewTree(limit int) *Folder {
	t := &tree{limit: limit}
	t.root = t.folder()
	return t.root
}

func (t *tree) folder() *Folder { return &Folder{tree: t, folders: make(map[string]*Folder)} }

// Folder returns the folder of that name in f.
func (f *Folder) Folder(name string) *Folder {
	f.tree.mu.Lock()
	defer f.tree.mu.Unlock()
	if f.folders[name] == nil {
		f.folders[name] = f.tree.folder()
	}
	return f.folders[name]
}

// Size returns the bytes in f and in all folders below it.
func (f *Folder) Size() int {
	f.tree.mu.Lock()
	defer f.tree.mu.Unlock()
	return f.size()
}

// size is Size for those who hold the lock.
func (f *Folder) size() int {
	sum := f.files
	for _, folder := range f.folders {
		sum += folder.size()
	}
	return sum
}

// Add puts a file into f, or returns ErrFull.
func (f *Folder) Add(size int) error {
	f.tree.mu.Lock()
	defer f.tree.mu.Unlock()
	if size > f.tree.limit-f.tree.root.size() {
		return ErrFull
	}
	f.files += size
	return nil
}

// MoveTo moves the files in f to another folder of the tree.
func (f *Folder) MoveTo(to *Folder) {
	f.tree.mu.Lock()
	defer f.tree.mu.Unlock()
	files := f.files
	f.files = 0
	to.files += files
}

// Walk calls visit for f and for every folder below it.
//
// It notes under the lock what there is to say, lets go, and only then says it. To call
// code that one does not know while one holds a lock is to ask for a deadlock: it may
// come back for the same lock, or wait for somebody who does. A re-entrant lock would
// save Walk from the first of these, not from the second.
func (f *Folder) Walk(visit func(path string, size int)) {
	f.tree.mu.Lock()
	seen := f.list(nil, ".")
	f.tree.mu.Unlock()
	for _, folder := range seen {
		visit(folder.path, folder.size)
	}
}

// A listing is what Walk says of one folder.
type listing struct {
	path string
	size int
}

// list appends what there is to say of f and all below it. The caller holds the lock.
func (f *Folder) list(seen []listing, path string) []listing {
	seen = append(seen, listing{path, f.size()})
	for _, name := range slices.Sorted(maps.Keys(f.folders)) {
		below := name
		if path != "." {
			below = path + "/" + name
		}
		seen = f.folders[name].list(seen, below)
	}
	return seen
}

// An RWLock is polled.
type RWLock struct {
	mu      sync.Mutex
	readers int
	waiting int
	writing bool
}

func NewRWLock() *RWLock { return &RWLock{} }

func (l *RWLock) RLock() {
	poll(&l.mu, func() bool {
		if l.writing || l.waiting > 0 {
			return false
		}
		l.readers++
		return true
	})
}

func (l *RWLock) RUnlock() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers == 0 {
		return ErrNotLocked
	}
	l.readers--
	return nil
}

func (l *RWLock) Lock() {
	l.mu.Lock()
	l.waiting++
	l.mu.Unlock()
	poll(&l.mu, func() bool {
		if l.writing || l.readers > 0 {
			return false
		}
		l.writing = true
		l.waiting--
		return true
	})
}

func (l *RWLock) Unlock() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.writing {
		return ErrNotLocked
	}
	l.writing = false
	return nil
}

// A SharedLock is polled.
type SharedLock struct {
	mu      sync.Mutex
	reads   map[Owner]int
	writer  Owner
	writes  int
	waiting int
}

func NewSharedLock() *SharedLock { return &SharedLock{reads: map[Owner]int{}} }

func (l *SharedLock) RLock(o Owner) {
	poll(&l.mu, func() bool {
		if l.reads[o] == 0 && (l.writes == 0 || l.writer != o) && (l.writes > 0 || l.waiting > 0) {
			return false
		}
		l.reads[o]++
		return true
	})
}

func (l *SharedLock) RUnlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reads[o] == 0 {
		return ErrNotOwner
	}
	if l.reads[o]--; l.reads[o] == 0 {
		delete(l.reads, o)
	}
	return nil
}

func (l *SharedLock) Lock(o Owner) error {
	l.mu.Lock()
	if l.writes > 0 && l.writer == o {
		l.writes++
		l.mu.Unlock()
		return nil
	}
	if l.reads[o] > 0 {
		l.mu.Unlock()
		return ErrUpgrade
	}
	l.waiting++
	l.mu.Unlock()
	poll(&l.mu, func() bool {
		if l.writes > 0 || len(l.reads) > 0 {
			return false
		}
		l.writer, l.writes = o, 1
		l.waiting--
		return true
	})
	return nil
}

func (l *SharedLock) Unlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.writes == 0 || l.writer != o {
		return ErrNotOwner
	}
	l.writes--
	return nil
}
