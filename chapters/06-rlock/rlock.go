// Package rlock is chapter 6: locks whose holder may take them again, a tree that needs
// none of them, and locks that many may hold as long as they only read. In Python you
// would reach for threading.RLock; readers and writers have no lock in its library.
//
// Everything here may be called by any number of goroutines at the same time. What one
// holder did before it let a lock go is visible to the next one. Nothing here has a
// Close, so nothing may leave a goroutine running behind it.
package rlock

import "errors"

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

// An Owner is who holds a lock. Python asks which thread calls; a goroutine has no name
// that a program could ask for, so here the caller says on whose behalf it acts. An owner
// acts in one goroutine at a time, not always the same one. It is never empty.
type Owner string

// An RLock is a lock that its owner may take again. Make one with NewRLock; do not copy
// it. In Python: threading.RLock.
type RLock struct {
	// TODO(6.1): who holds it, how many times, and how do the others wait?
}

// NewRLock returns an RLock that nobody holds.
func NewRLock() *RLock {
	return &RLock{}
}

// Lock takes the lock for o. If another owner holds it, Lock blocks until that owner has
// let it go; of those who wait, somebody gets it, in any order. If o holds it already,
// Lock returns at once and counts: it takes as many Unlocks to let it go.
func (l *RLock) Lock(o Owner) {
	// TODO(6.1): wait for the others, but not for yourself.
}

// Unlock takes back one Lock of o; the one that takes back the last lets the lock go. If o
// does not hold the lock, Unlock changes nothing and returns ErrNotOwner. It never blocks.
func (l *RLock) Unlock(o Owner) error {
	// TODO(6.1): only the owner, and only the last one frees it.
	return nil
}

// TryLock is Lock if Lock would return at once: it returns true and has taken the lock,
// or counted. If another owner holds the lock it changes nothing and returns false. In
// Python: acquire(blocking=False).
func (l *RLock) TryLock(o Owner) bool {
	// TODO(6.2): all of Lock but the waiting.
	return false
}

// With takes the lock for o, calls f in the caller's goroutine and takes that one Lock
// back, also if f panics (the panic goes on to the caller) or ends the goroutine with
// runtime.Goexit, as t.FailNow does. Like Lock it blocks, and may be called by an o that
// holds the lock. In Python: with lock.
func (l *RLock) With(o Owner, f func()) {
	// TODO(6.2): what is taken is given back, whatever f does.
}

// A Folder holds files, of which only the sizes matter here, and folders. Make the root
// of a tree with NewTree and the others with Folder; do not copy one.
type Folder struct {
	// TODO(6.3): one tree. How many locks?
}

// NewTree returns the root of an empty tree whose files, in all its folders together,
// never exceed limit bytes.
func NewTree(limit int) *Folder {
	return &Folder{}
}

// Folder returns the folder of that name in f, and makes it if there is none: the same
// one to everybody who asks. A name is not empty, not "." or "..", and has no slash; "a",
// "A" and " a" are three names.
func (f *Folder) Folder(name string) *Folder {
	// TODO(6.3): everybody who asks for a name gets the same folder.
	return &Folder{}
}

// Size returns the bytes in f and in all folders below it, as they were at one moment
// between the call and the return.
func (f *Folder) Size() int {
	// TODO(6.3): it calls itself. Does it lock itself out?
	return 0
}

// Add puts a file of size bytes, from zero to the largest int, into f. If the whole tree
// would hold more than its limit then, Add changes nothing, not even for a moment, and
// returns ErrFull; it does so only then.
func (f *Folder) Add(size int) error {
	// TODO(6.3): it needs the size of the tree, and nobody may come in between.
	return nil
}

// MoveTo moves the files in f, but not the folders, to another folder of the same tree,
// in one step: nobody sees a file in both or in neither. It always finishes, whatever
// else is moved at the same time. From a folder to itself it changes nothing.
func (f *Folder) MoveTo(to *Folder) {
	// TODO(6.3): two folders, one step.
}

// Walk calls visit for f and for every folder below it, with the path from f and the
// Size, all of them as they were at one moment between the call of Walk and the first
// visit. The path of f itself is ".", that of others "a" or "a/b". A folder comes before
// what is in it, and then what is in it before its next neighbour; neighbours come in the
// order of their names, which is that of < on strings.
//
// Visit is called in Walk's own goroutine, one call at a time. It may call whatever there
// is of the tree, and wait for others who do; what it changes it no longer sees. If it panics
// it is not called again, and the panic goes on through Walk.
func (f *Folder) Walk(visit func(path string, size int)) {
	// TODO(6.4): who holds which lock while visit runs?
}

// An RWLock is held by any number of readers or by one writer, and prefers writers. Make
// one with NewRWLock; do not copy it.
type RWLock struct {
	// TODO(6.5): count the readers, and the writers who wait.
}

// NewRWLock returns an RWLock that nobody holds.
func NewRWLock() *RWLock {
	return &RWLock{}
}

// RLock takes the lock for reading, together with other readers. It blocks while a writer
// holds the lock or waits for it: a reader who comes, and one who waits already, lets all
// writers go first. So who reads must not RLock again before RUnlock: a writer may have
// come in between, who waits for the first RLock while the second waits for him.
func (l *RWLock) RLock() {
	// TODO(6.5): wait for writers, those who wait included.
}

// RUnlock takes back one RLock. If nobody holds the lock for reading it changes nothing
// and returns ErrNotLocked. It never blocks.
func (l *RWLock) RUnlock() error {
	// TODO(6.5): whom does the last reader wake?
	return ErrNotLocked
}

// Lock takes the lock for writing. It blocks while anybody else holds it.
func (l *RWLock) Lock() {
	// TODO(6.5): let it be known that you wait.
}

// Unlock takes back Lock. If nobody holds the lock for writing it changes nothing and
// returns ErrNotLocked. It never blocks.
func (l *RWLock) Unlock() error {
	// TODO(6.5): and whom does a writer wake?
	return ErrNotLocked
}

// A SharedLock is an RWLock with owners, who may take it again. Make one with
// NewSharedLock; do not copy it.
//
// Its readers let writers go first, as those of an RWLock do. Reads and writes of an
// owner are counted apart and may be let go in any order.
type SharedLock struct {
	// TODO(6.6): what you know by now, all of it.
}

// NewSharedLock returns a SharedLock that nobody holds.
func NewSharedLock() *SharedLock {
	return &SharedLock{}
}

// RLock takes the lock for reading, for o. If o holds it already, for reading or writing,
// RLock returns at once, even if a writer waits. Else it blocks while another owner holds
// the lock for writing or waits to.
func (l *SharedLock) RLock(o Owner) {
	// TODO(6.6): who must not wait?
}

// RUnlock takes back one RLock of o. If o does not hold the lock for reading it changes
// nothing and returns ErrNotOwner. It never blocks.
func (l *SharedLock) RUnlock(o Owner) error {
	// TODO(6.6): a count for each reader.
	return ErrNotOwner
}

// Lock takes the lock for writing, for o. If o holds it for writing already, Lock returns
// at once. If o holds it only for reading, it changes nothing and returns ErrUpgrade at
// once: two readers who both wait to become the writer would wait for each other. Else it
// blocks while another owner holds the lock, for reading or writing.
func (l *SharedLock) Lock(o Owner) error {
	// TODO(6.6): again, or never, or in turn.
	return nil
}

// Unlock takes back one Lock of o. If o does not hold the lock for writing it changes
// nothing and returns ErrNotOwner. It never blocks.
//
// If o still holds the lock for reading when its last Lock is taken back, it becomes a
// reader: nobody writes before its last RUnlock, and other readers may come in, unless a
// writer waits.
func (l *SharedLock) Unlock(o Owner) error {
	// TODO(6.6): from writer to reader.
	return ErrNotOwner
}
