// All three locks are desks: who waits leaves a function that tries to get in, and whoever
// changes something calls those of the writers and then those of the readers.
package rlock

import (
	"errors"
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

// An Owner is who holds a lock. It is never empty.
type Owner string

// A desk is where one asks for something. Who cannot have it yet waits in one of two
// lines, and those in the first are asked before those in the second.
type desk struct {
	mu    sync.Mutex
	lines [2][]request
}

type request struct {
	try  func() bool // takes what is wanted, if that is possible
	done chan struct{}
}

// ask calls try until it is true, first now and then after each change. Who leaves the
// lock of the desk in ask is let in by somebody else, who calls try on his behalf.
func (d *desk) ask(line int, try func() bool) {
	d.mu.Lock()
	if try() {
		d.mu.Unlock()
		return
	}
	r := request{try, make(chan struct{})}
	d.lines[line] = append(d.lines[line], r)
	d.mu.Unlock()
	<-r.done
}

// change calls f, under the lock of the desk, and then all who wait try again.
func (d *desk) change(f func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := f(); err != nil {
		return err
	}
	for i := range d.lines {
		d.lines[i] = slices.DeleteFunc(d.lines[i], func(r request) bool {
			if !r.try() {
				return false
			}
			close(r.done)
			return true
		})
	}
	return nil
}

// An RLock is a lock that its owner may take again.
type RLock struct {
	desk
	owner Owner // "" if nobody holds it
	count int
}

// NewRLock returns an RLock that nobody holds.
func NewRLock() *RLock {
	return &RLock{}
}

// take expects the lock of the desk to be held.
func (l *RLock) take(o Owner) bool {
	if l.owner != "" && l.owner != o {
		return false
	}
	l.owner = o
	l.count++
	return true
}

// Lock takes the lock for o.
func (l *RLock) Lock(o Owner) {
	l.ask(0, func() bool { return l.take(o) })
}

// Unlock takes back one Lock of o.
func (l *RLock) Unlock(o Owner) error {
	return l.change(func() error {
		if l.owner != o {
			return ErrNotOwner
		}
		l.count--
		if l.count == 0 {
			l.owner = ""
		}
		return nil
	})
}

// TryLock is Lock if Lock would return at once.
func (l *RLock) TryLock(o Owner) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.take(o)
}

// With takes the lock for o, calls f and takes that one Lock back.
func (l *RLock) With(o Owner, f func()) {
	l.Lock(o)
	defer l.Unlock(o)
	f()
}

// A Folder holds files and folders. What it does is in functions that share what they
// need; all but locked expect the lock of the tree to be held.
type Folder struct {
	locked func(func()) // calls it under the lock of the tree
	folder func(name string) *Folder
	size   func() int
	room   func() int // in the whole tree
	take   func() int // all the files
	put    func(size int)
	list   func(path, prefix string, note func(path string, size int))
}

// NewTree returns the root of an empty tree.
func NewTree(limit int) *Folder {
	var mu sync.Mutex
	total := 0
	locked := func(f func()) {
		mu.Lock()
		defer mu.Unlock()
		f()
	}
	room := func() int { return limit - total }

	var newFolder func() *Folder
	newFolder = func() *Folder {
		files := 0
		var names []string // in order
		var kids []*Folder // each at the place of its name
		f := &Folder{locked: locked, room: room}
		f.folder = func(name string) *Folder {
			i, found := slices.BinarySearch(names, name)
			if !found {
				names = slices.Insert(names, i, name)
				kids = slices.Insert(kids, i, newFolder())
			}
			return kids[i]
		}
		f.size = func() int {
			sum := files
			for _, kid := range kids {
				sum += kid.size()
			}
			return sum
		}
		f.take = func() int {
			taken := files
			total -= taken
			files = 0
			return taken
		}
		f.put = func(size int) {
			total += size
			files += size
		}
		f.list = func(path, prefix string, note func(path string, size int)) {
			note(path, f.size())
			for i, kid := range kids {
				kid.list(prefix+names[i], prefix+names[i]+"/", note)
			}
		}
		return f
	}
	return newFolder()
}

// Folder returns the folder of that name in f, and makes it if there is none.
func (f *Folder) Folder(name string) (folder *Folder) {
	f.locked(func() { folder = f.folder(name) })
	return folder
}

// Size returns the bytes in f and in all folders below it.
func (f *Folder) Size() (size int) {
	f.locked(func() { size = f.size() })
	return size
}

// Add puts a file of size bytes into f.
func (f *Folder) Add(size int) (err error) {
	f.locked(func() {
		if size > f.room() {
			err = ErrFull
			return
		}
		f.put(size)
	})
	return err
}

// MoveTo moves the files in f, but not the folders, to another folder of the same tree.
func (f *Folder) MoveTo(to *Folder) {
	f.locked(func() { to.put(f.take()) })
}

// Walk calls visit for f and for every folder below it.
func (f *Folder) Walk(visit func(path string, size int)) {
	var visits []func()
	f.locked(func() {
		f.list(".", "", func(path string, size int) {
			visits = append(visits, func() { visit(path, size) })
		})
	})
	for _, v := range visits {
		v()
	}
}

// The lines of a desk at which readers and writers ask.
const (
	toWrite = iota
	toRead
)

// An RWLock is held by any number of readers or by one writer, and prefers writers.
type RWLock struct {
	desk
	readers int
	writing bool
}

// NewRWLock returns an RWLock that nobody holds.
func NewRWLock() *RWLock {
	return &RWLock{}
}

// RLock takes the lock for reading.
func (l *RWLock) RLock() {
	l.ask(toRead, func() bool {
		if l.writing || len(l.lines[toWrite]) > 0 {
			return false
		}
		l.readers++
		return true
	})
}

// RUnlock takes back one RLock.
func (l *RWLock) RUnlock() error {
	return l.change(func() error {
		if l.readers == 0 {
			return ErrNotLocked
		}
		l.readers--
		return nil
	})
}

// Lock takes the lock for writing.
func (l *RWLock) Lock() {
	l.ask(toWrite, func() bool {
		if l.writing || l.readers > 0 {
			return false
		}
		l.writing = true
		return true
	})
}

// Unlock takes back Lock.
func (l *RWLock) Unlock() error {
	return l.change(func() error {
		if !l.writing {
			return ErrNotLocked
		}
		l.writing = false
		return nil
	})
}

// A SharedLock is an RWLock with owners, who may take it again.
type SharedLock struct {
	desk
	reads  map[Owner]int // more than zero
	writer Owner         // "" if there is none
	writes int
}

// NewSharedLock returns a SharedLock that nobody holds.
func NewSharedLock() *SharedLock {
	return &SharedLock{reads: map[Owner]int{}}
}

// RLock takes the lock for reading, for o.
func (l *SharedLock) RLock(o Owner) {
	l.ask(toRead, func() bool {
		inside := l.reads[o] > 0 || l.writer == o
		if !inside && (l.writer != "" || len(l.lines[toWrite]) > 0) {
			return false
		}
		l.reads[o]++
		return true
	})
}

// RUnlock takes back one RLock of o.
func (l *SharedLock) RUnlock(o Owner) error {
	return l.change(func() error {
		switch l.reads[o] {
		case 0:
			return ErrNotOwner
		case 1:
			delete(l.reads, o)
		default:
			l.reads[o]--
		}
		return nil
	})
}

// Lock takes the lock for writing, for o.
func (l *SharedLock) Lock(o Owner) (err error) {
	l.ask(toWrite, func() bool {
		switch {
		case l.writer == o:
		case l.reads[o] > 0:
			err = ErrUpgrade
			return true
		case l.writer != "" || len(l.reads) > 0:
			return false
		}
		l.writer = o
		l.writes++
		return true
	})
	return err
}

// Unlock takes back one Lock of o.
func (l *SharedLock) Unlock(o Owner) error {
	return l.change(func() error {
		if l.writer != o {
			return ErrNotOwner
		}
		l.writes--
		if l.writes == 0 {
			l.writer = ""
		}
		return nil
	})
}
