// want: race in TestTryLockAtTheSameTime

// TryLock takes with a CompareAndSwap what Lock, under a lock of its own, finds free and then takes.
package rlock

import (
	"errors"
	"maps"
	"slices"
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

// An RLock is a lock that its owner may take again.
//
// It is what threading.RLock is in CPython too: a plain lock, an owner and a count. The
// plain lock is where the others wait. The owner and the count need a lock of their own,
// because whoever asks "is it me?" reads them while another may be writing.
type RLock struct {
	owner atomic.Pointer[Owner] // nil while nobody holds the lock
	count int                   // of the owner, who alone uses it

	mu   sync.Mutex
	free *sync.Cond // with mu: nobody holds the lock any more
}

// NewRLock returns an RLock that nobody holds.
func NewRLock() *RLock {
	l := &RLock{}
	l.free = sync.NewCond(&l.mu)
	return l
}

// Lock takes the lock for o.
func (l *RLock) Lock(o Owner) {
	if l.again(o) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.owner.Load() != nil {
		l.free.Wait()
	}
	l.owner.Store(&o)
	l.count = 1
}

// TryLock is Lock if Lock would return at once.
func (l *RLock) TryLock(o Owner) bool {
	if l.again(o) {
		return true
	}
	if !l.owner.CompareAndSwap(nil, &o) {
		return false
	}
	l.count = 1
	return true
}

// again counts one more if o is the owner.
func (l *RLock) again(o Owner) bool {
	if owner := l.owner.Load(); owner == nil || *owner != o {
		return false
	}
	l.count++
	return true
}

// Unlock takes back one Lock of o.
func (l *RLock) Unlock(o Owner) error {
	if owner := l.owner.Load(); owner == nil || *owner != o {
		return ErrNotOwner
	}
	if l.count--; l.count > 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.owner.Store(nil)
	l.free.Broadcast()
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

// An RWLock is held by any number of readers or by one writer, and prefers writers.
//
// sync.RWMutex keeps readers from overtaking a writer who waits too, but when that writer
// is done, it lets the readers who wait go before the next writer, so that they do not
// starve. Here they may.
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
//
// A reader who comes again does not queue behind the writer who waits: that writer waits
// for this very reader. A plain RWLock cannot know who comes again; this is what the
// owner is good for.
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
