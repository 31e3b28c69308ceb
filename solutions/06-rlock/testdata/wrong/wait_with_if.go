// want: race in TestLockKeepsOthersOut, race in TestTryLockAtTheSameTime

// Lock asks once whether the lock is free. Whoever is woken finds that somebody else was faster.
package rlock

import (
	"errors"
	"maps"
	"slices"
	"sync"
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

// An RLock is a lock that its owner may take again.
type RLock struct {
	mu    sync.Mutex
	freed *sync.Cond
	owner Owner
	count int
}

// NewRLock returns an RLock that nobody holds.
func NewRLock() *RLock {
	l := &RLock{}
	l.freed = sync.NewCond(&l.mu)
	return l
}

// Lock takes the lock for o.
func (l *RLock) Lock(o Owner) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count > 0 && l.owner != o {
		l.freed.Wait()
	}
	l.owner = o
	l.count++
}

// TryLock is Lock if Lock would return at once.
func (l *RLock) TryLock(o Owner) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count > 0 && l.owner != o {
		return false
	}
	l.owner = o
	l.count++
	return true
}

// Unlock takes back one Lock of o.
func (l *RLock) Unlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count == 0 || l.owner != o {
		return ErrNotOwner
	}
	l.count--
	if l.count == 0 {
		l.freed.Signal()
	}
	return nil
}

// With calls f with the lock taken. Without the defer a panic would leave the count one
// too high, and every other owner waiting for ever.
func (l *RLock) With(o Owner, f func()) {
	l.Lock(o)
	defer l.Unlock(o)
	f()
}

// A Folder holds files and folders.
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

// An RWLock is held by any number of readers or by one writer, and prefers writers.
type RWLock struct {
	mu      sync.Mutex // held for a moment only, never while the lock is
	changed *sync.Cond // one of the following has become 0 or false
	readers int        // who hold the lock
	waiting int        // writers who wait
	writing bool
}

// NewRWLock returns an RWLock that nobody holds.
func NewRWLock() *RWLock {
	l := &RWLock{}
	l.changed = sync.NewCond(&l.mu)
	return l
}

// RLock takes the lock for reading.
func (l *RWLock) RLock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.writing || l.waiting > 0 {
		l.changed.Wait()
	}
	l.readers++
}

// RUnlock takes back one RLock.
func (l *RWLock) RUnlock() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers == 0 {
		return ErrNotLocked
	}
	l.readers--
	if l.readers == 0 {
		l.changed.Broadcast() // Signal could wake a reader, who would just wait again
	}
	return nil
}

// Lock takes the lock for writing.
func (l *RWLock) Lock() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting++
	for l.writing || l.readers > 0 {
		l.changed.Wait()
	}
	l.waiting--
	l.writing = true
}

// Unlock takes back Lock.
func (l *RWLock) Unlock() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.writing {
		return ErrNotLocked
	}
	l.writing = false
	l.changed.Broadcast()
	return nil
}

// A SharedLock is an RWLock with owners, who may take it again.
type SharedLock struct {
	mu      sync.Mutex
	changed *sync.Cond    // reads has become empty, or writes 0
	reads   map[Owner]int // RLocks of each reader; who has none is not in it
	waiting int           // writers who wait
	writer  Owner         // of no meaning while writes is 0
	writes  int           // Locks of the writer
}

// NewSharedLock returns a SharedLock that nobody holds.
func NewSharedLock() *SharedLock {
	l := &SharedLock{reads: make(map[Owner]int)}
	l.changed = sync.NewCond(&l.mu)
	return l
}

// isWriter reports whether o is the writer. The caller holds mu.
func (l *SharedLock) isWriter(o Owner) bool { return l.writes > 0 && l.writer == o }

// RLock takes the lock for reading, for o.
func (l *SharedLock) RLock(o Owner) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.isWriter(o) && l.reads[o] == 0 {
		for l.writes > 0 || l.waiting > 0 {
			l.changed.Wait()
		}
	}
	l.reads[o]++
}

// RUnlock takes back one RLock of o.
func (l *SharedLock) RUnlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reads[o] == 0 {
		return ErrNotOwner
	}
	l.reads[o]--
	if l.reads[o] == 0 {
		delete(l.reads, o)
		l.changed.Broadcast()
	}
	return nil
}

// Lock takes the lock for writing, for o, or returns ErrUpgrade.
func (l *SharedLock) Lock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.isWriter(o) {
		l.writes++
		return nil
	}
	if l.reads[o] > 0 {
		return ErrUpgrade
	}
	l.waiting++
	for l.writes > 0 || len(l.reads) > 0 {
		l.changed.Wait()
	}
	l.waiting--
	l.writer, l.writes = o, 1
	return nil
}

// Unlock takes back one Lock of o. From writer to reader there is nothing to do: the
// reads of o are counted already.
func (l *SharedLock) Unlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.isWriter(o) {
		return ErrNotOwner
	}
	l.writes--
	if l.writes == 0 {
		l.changed.Broadcast()
	}
	return nil
}
