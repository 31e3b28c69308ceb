// want: fail in TestWalkLetsVisitUseTheTree

// The tree is a snapshot that is replaced, but a new folder goes into the array of the old one if that has room.
package rlock

import (
	"errors"
	"slices"
	"strings"
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
type RLock struct {
	held  chan struct{} // has room for one, who holds the lock
	owner atomic.Pointer[Owner]
	count atomic.Int64 // changed only by the owner
}

// NewRLock returns an RLock that nobody holds.
func NewRLock() *RLock { return &RLock{held: make(chan struct{}, 1)} }

// Lock takes the lock for o.
func (l *RLock) Lock(o Owner) {
	if l.isHeldBy(o) {
		l.count.Add(1)
		return
	}
	l.held <- struct{}{}
	l.count.Store(1)
	l.owner.Store(&o)
}

// Unlock takes back one Lock of o; the one that takes back the last lets the lock go.
func (l *RLock) Unlock(o Owner) error {
	if !l.isHeldBy(o) {
		return ErrNotOwner
	}
	if l.count.Add(-1) == 0 {
		l.owner.Store(nil)
		<-l.held
	}
	return nil
}

// TryLock is Lock if Lock would return at once: it returns true and has taken the lock,
// or counted. If another owner holds the lock it changes nothing and returns false. In
// Python: acquire(blocking=False).
func (l *RLock) TryLock(o Owner) bool {
	if l.isHeldBy(o) {
		l.count.Add(1)
		return true
	}
	select {
	case l.held <- struct{}{}:
		l.count.Store(1)
		l.owner.Store(&o)
		return true
	default:
		return false
	}
}

// With takes the lock for o, calls f and takes that one Lock back, also if f panics: the
// panic goes on to the caller. Like Lock it blocks, and may be called by an o that holds
// the lock. In Python: with lock.
func (l *RLock) With(o Owner, f func()) {
	l.Lock(o)
	defer l.Unlock(o)
	f()
}

// A Folder holds files, of which only the sizes matter here, and folders.
type Folder struct {
	tree *tree
	path []string // from the root
}

// NewTree returns the root of an empty tree whose files, in all its folders together,
// never exceed limit bytes.
func NewTree(limit int) *Folder {
	t := &tree{limit: limit}
	root := &Folder{tree: t}
	t.now.Store(&node{folder: root})
	return root
}

// Folder returns the folder of that name in f, and makes it if there is none: the same
// one to everybody who asks. A name is not empty and has no slash.
func (f *Folder) Folder(name string) *Folder {
	made := &Folder{f.tree, slices.Concat(f.path, []string{name})}
	for {
		old := f.tree.now.Load()
		if kid := old.at(made.path); kid != nil {
			return kid.folder
		}
		next := old.with(f.path, func(n *node) {
			i, _ := n.search(name)
			n.kids = slices.Insert(n.kids, i, &node{folder: made, name: name})
		})
		if f.tree.now.CompareAndSwap(old, next) {
			return made
		}
	}
}

// Size returns the bytes in f and in all folders below it, as they were at one moment
// between the call and the return.
func (f *Folder) Size() int { return f.tree.now.Load().at(f.path).total }

// Add puts a file of size bytes, zero or more, into f.
func (f *Folder) Add(size int) error {
	for {
		old := f.tree.now.Load()
		if size > f.tree.limit-old.total {
			return ErrFull
		}
		next := old.with(f.path, func(n *node) { n.files += size })
		if f.tree.now.CompareAndSwap(old, next) {
			return nil
		}
	}
}

// MoveTo moves the files in f, but not the folders, to another folder of the same tree,
// in one step: nobody sees a file in both or in neither. It always finishes, whatever
// else is moved at the same time. From a folder to itself it changes nothing.
func (f *Folder) MoveTo(to *Folder) {
	for f != to {
		old := f.tree.now.Load()
		files := old.at(f.path).files
		next := old.with(f.path, func(n *node) { n.files = 0 })
		next = next.with(to.path, func(n *node) { n.files += files })
		if f.tree.now.CompareAndSwap(old, next) {
			return
		}
	}
}

// Walk calls visit for f and for every folder below it, with the path from f and the
// Size, all of them as they were at one moment between the call of Walk and the first
// visit. The path of f itself is ".", that of others "a" or "a/b". A folder comes before
// what is in it, and then what is in it before its next neighbour; neighbours come in the
// order of their names.
//
// Visit is called in Walk's own goroutine, one call at a time. It may call whatever there
// is of the tree, and wait for others who do; what it changes it no longer sees. If it panics
// the panic goes on through Walk.
func (f *Folder) Walk(visit func(path string, size int)) {
	start := f.tree.now.Load().at(f.path)
	visit(".", start.total)
	start.walk("", visit)
}

// An RWLock is held by any number of readers or by one writer, and prefers writers.
type RWLock struct {
	monitor[readersAndWriters]
}

// NewRWLock returns an RWLock that nobody holds.
func NewRWLock() *RWLock { return &RWLock{newMonitor(&readersAndWriters{})} }

// RLock takes the lock for reading, together with other readers.
func (l *RWLock) RLock() {
	s := l.enter()
	for s.writing || s.waiting > 0 {
		s = l.wait(s)
	}
	s.readers++
	l.leave(s)
}

// RUnlock takes back one RLock.
func (l *RWLock) RUnlock() error {
	s := l.enter()
	if s.readers == 0 {
		l.leave(s)
		return ErrNotLocked
	}
	s.readers--
	l.wake()
	l.leave(s)
	return nil
}

// Lock takes the lock for writing.
func (l *RWLock) Lock() {
	s := l.enter()
	s.waiting++
	for s.writing || s.readers > 0 {
		s = l.wait(s)
	}
	s.waiting--
	s.writing = true
	l.leave(s)
}

// Unlock takes back Lock.
func (l *RWLock) Unlock() error {
	s := l.enter()
	if !s.writing {
		l.leave(s)
		return ErrNotLocked
	}
	s.writing = false
	l.wake()
	l.leave(s)
	return nil
}

// A SharedLock is an RWLock with owners, who may take it again.
type SharedLock struct {
	monitor[holders]
}

// NewSharedLock returns a SharedLock that nobody holds.
func NewSharedLock() *SharedLock { return &SharedLock{newMonitor(&holders{reads: map[Owner]int{}})} }

// RLock takes the lock for reading, for o.
func (l *SharedLock) RLock(o Owner) {
	s := l.enter()
	for s.reads[o] == 0 && s.writer != o && (s.writer != "" || s.waiting > 0) {
		s = l.wait(s)
	}
	s.reads[o]++
	l.leave(s)
}

// RUnlock takes back one RLock of o.
func (l *SharedLock) RUnlock(o Owner) error {
	s := l.enter()
	defer l.leave(s)
	if s.reads[o] == 0 {
		return ErrNotOwner
	}
	s.reads[o]--
	if s.reads[o] == 0 {
		delete(s.reads, o)
		l.wake()
	}
	return nil
}

// Lock takes the lock for writing, for o.
func (l *SharedLock) Lock(o Owner) error {
	s := l.enter()
	if s.writer != o {
		if s.reads[o] > 0 {
			l.leave(s)
			return ErrUpgrade
		}
		s.waiting++
		for s.writer != "" || len(s.reads) > 0 {
			s = l.wait(s)
		}
		s.waiting--
		s.writer = o
	}
	s.writes++
	l.leave(s)
	return nil
}

// Unlock takes back one Lock of o.
func (l *SharedLock) Unlock(o Owner) error {
	s := l.enter()
	defer l.leave(s)
	if s.writer != o {
		return ErrNotOwner
	}
	s.writes--
	if s.writes == 0 {
		s.writer = ""
		l.wake()
	}
	return nil
}

// isHeldBy is true only if o holds the lock, and then it stays so, as o is busy here.
func (l *RLock) isHeldBy(o Owner) bool {
	owner := l.owner.Load()
	return owner != nil && *owner == o
}

// A tree is the latest of its states, each of which never changes.
type tree struct {
	limit int
	now   atomic.Pointer[node]
}

// A node is a folder in one state of the tree.
type node struct {
	folder *Folder
	name   string
	files  int     // in the folder
	total  int     // in the folder and below
	kids   []*node // in the order of their names
}

func (n *node) search(name string) (int, bool) {
	return slices.BinarySearchFunc(n.kids, name, func(kid *node, name string) int {
		return strings.Compare(kid.name, name)
	})
}

// at returns the node at that path from n, or nil.
func (n *node) at(path []string) *node {
	for _, name := range path {
		i, ok := n.search(name)
		if !ok {
			return nil
		}
		n = n.kids[i]
	}
	return n
}

// with returns a copy of n in which the node at that path is changed.
func (n *node) with(path []string, change func(*node)) *node {
	c := *n
	if len(path) == 0 {
		change(&c)
	} else {
		i, _ := c.search(path[0])
		kid := c.kids[i].with(path[1:], change)
		c.kids = slices.Clone(c.kids)
		c.kids[i] = kid
	}
	c.total = c.files
	for _, kid := range c.kids {
		c.total += kid.total
	}
	return &c
}

// walk calls visit for all below n, whose paths begin with prefix.
func (n *node) walk(prefix string, visit func(path string, size int)) {
	for _, kid := range n.kids {
		visit(prefix+kid.name, kid.total)
		kid.walk(prefix+kid.name+"/", visit)
	}
}

type readersAndWriters struct {
	readers int
	writing bool
	waiting int // writers who wait
}

type holders struct {
	reads   map[Owner]int // more than zero
	writer  Owner         // "" if there is none
	writes  int
	waiting int // writers who wait
}

// A monitor guards a state, which is in the box while nobody is inside.
type monitor[S any] struct {
	box     chan *S
	changed *chan struct{} // closed when it may be worth looking again; guarded like the state
}

func newMonitor[S any](s *S) monitor[S] {
	changed := make(chan struct{})
	m := monitor[S]{make(chan *S, 1), &changed}
	m.box <- s
	return m
}

func (m *monitor[S]) enter() *S { return <-m.box }

func (m *monitor[S]) leave(s *S) { m.box <- s }

// wait leaves, and comes in again after the next wake.
func (m *monitor[S]) wait(s *S) *S {
	changed := *m.changed
	m.box <- s
	<-changed
	return <-m.box
}

func (m *monitor[S]) wake() {
	close(*m.changed)
	*m.changed = make(chan struct{})
}
