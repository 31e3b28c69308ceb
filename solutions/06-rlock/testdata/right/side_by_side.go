// Files are put and moved side by side, atomically; who wants to see one moment keeps the others out.
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
	held sync.Mutex // locked from the owner's first Lock to its last Unlock

	mu    sync.Mutex // never held while waiting for held
	owner Owner      // guarded by mu; of no meaning while count is 0
	count int        // guarded by mu
}

// NewRLock returns an RLock that nobody holds.
func NewRLock() *RLock { return &RLock{} }

// Lock takes the lock for o.
//
// Between again's no and held.Lock anybody may come and go, but nobody can make o the
// owner: only o does that, and o is here.
func (l *RLock) Lock(o Owner) {
	if l.again(o) {
		return
	}
	l.held.Lock()
	l.first(o)
}

// TryLock is Lock if Lock would return at once.
func (l *RLock) TryLock(o Owner) bool {
	if l.again(o) {
		return true
	}
	if !l.held.TryLock() {
		return false
	}
	l.first(o)
	return true
}

// again counts one more if o is the owner.
func (l *RLock) again(o Owner) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count == 0 || l.owner != o {
		return false
	}
	l.count++
	return true
}

// first makes o the owner. The caller has just locked held.
func (l *RLock) first(o Owner) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.owner, l.count = o, 1
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
		l.held.Unlock()
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
//
// All folders of a tree share one lock. The exported methods lock it, once, and never
// call each other; the others expect it to be held, and call each other as they like.
// That split is all it takes to do without a re-entrant lock.
type Folder struct {
	tree    *tree
	files   atomic.Int64       // bytes
	folders map[string]*Folder // guarded by tree.mu
}

// A tree is what all folders of a tree have in common.
type tree struct {
	mu    sync.RWMutex // held for writing by whoever wants to see one moment
	move  sync.Mutex   // held by MoveTo
	used  atomic.Int64
	limit int64
	root  *Folder
}

// NewTree returns the root of an empty tree that holds up to limit bytes.
func NewTree(limit int) *Folder {
	t := &tree{limit: int64(limit)}
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
	sum := int(f.files.Load())
	for _, folder := range f.folders {
		sum += folder.size()
	}
	return sum
}

// Add puts a file into f, or returns ErrFull.
func (f *Folder) Add(size int) error {
	f.tree.mu.RLock()
	defer f.tree.mu.RUnlock()
	for {
		used := f.tree.used.Load()
		if int64(size) > f.tree.limit-used {
			return ErrFull
		}
		if f.tree.used.CompareAndSwap(used, used+int64(size)) {
			f.files.Add(int64(size))
			return nil
		}
	}
}

// MoveTo moves the files in f to another folder of the tree.
func (f *Folder) MoveTo(to *Folder) {
	f.tree.mu.RLock()
	defer f.tree.mu.RUnlock()
	f.tree.move.Lock()
	defer f.tree.move.Unlock()
	to.files.Add(f.files.Swap(0))
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
