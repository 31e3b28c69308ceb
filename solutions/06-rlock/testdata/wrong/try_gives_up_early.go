// want: fail in TestTryLock

// TryLock gives up if somebody else is looking at the lock, whoever holds it.
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

type RLock struct {
	mu    sync.Mutex
	owner Owner
	count int
	line  []applicant
}

type applicant struct {
	o  Owner
	in chan struct{}
}

func NewRLock() *RLock { return &RLock{} }

func (l *RLock) Lock(o Owner) {
	l.mu.Lock()
	if l.take(o) {
		l.mu.Unlock()
		return
	}
	a := applicant{o, make(chan struct{})}
	l.line = append(l.line, a)
	l.mu.Unlock()
	<-a.in
}

func (l *RLock) take(o Owner) bool {
	if l.count > 0 && l.owner != o {
		return false
	}
	l.owner = o
	l.count++
	return true
}

func (l *RLock) Unlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count == 0 || l.owner != o {
		return ErrNotOwner
	}
	l.count--
	if l.count == 0 && len(l.line) > 0 {
		next := l.line[0]
		l.line = l.line[1:]
		l.owner, l.count = next.o, 1
		close(next.in)
	}
	return nil
}

func (l *RLock) TryLock(o Owner) bool {
	if !l.mu.TryLock() {
		return false
	}
	defer l.mu.Unlock()
	return l.take(o)
}

func (l *RLock) With(o Owner, f func()) {
	l.Lock(o)
	defer l.Unlock(o)
	f()
}

type tree struct {
	mu    sync.Mutex
	limit int
	used  int
}

type Folder struct {
	t     *tree
	files int
	subs  map[string]*Folder
}

func NewTree(limit int) *Folder {
	return &Folder{t: &tree{limit: limit}, subs: make(map[string]*Folder)}
}

func (f *Folder) Folder(name string) *Folder {
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	sub, ok := f.subs[name]
	if !ok {
		sub = &Folder{t: f.t, subs: make(map[string]*Folder)}
		f.subs[name] = sub
	}
	return sub
}

func (f *Folder) sum() int {
	sum := f.files
	for _, sub := range f.subs {
		sum += sub.sum()
	}
	return sum
}

func (f *Folder) Size() int {
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	return f.sum()
}

func (f *Folder) Add(size int) error {
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	if size > f.t.limit-f.t.used {
		return ErrFull
	}
	f.t.used += size
	f.files += size
	return nil
}

func (f *Folder) MoveTo(to *Folder) {
	f.t.mu.Lock()
	defer f.t.mu.Unlock()
	files := f.files
	f.files = 0
	to.files += files
}

type seen struct {
	path string
	size int
}

func (f *Folder) look(path, prefix string, into *[]seen) {
	*into = append(*into, seen{path, f.sum()})
	for _, name := range slices.Sorted(maps.Keys(f.subs)) {
		f.subs[name].look(prefix+name, prefix+name+"/", into)
	}
}

func (f *Folder) Walk(visit func(path string, size int)) {
	var all []seen
	func() {
		f.t.mu.Lock()
		defer f.t.mu.Unlock()
		f.look(".", "", &all)
	}()
	for _, s := range all {
		visit(s.path, s.size)
	}
}

type RWLock struct {
	mu      sync.Mutex
	readers int
	writing bool
	rs, ws  []chan struct{}
}

func NewRWLock() *RWLock { return &RWLock{} }

func (l *RWLock) RLock() {
	l.mu.Lock()
	if !l.writing && len(l.ws) == 0 {
		l.readers++
		l.mu.Unlock()
		return
	}
	in := make(chan struct{})
	l.rs = append(l.rs, in)
	l.mu.Unlock()
	<-in
}

func (l *RWLock) admit() {
	switch {
	case l.writing:
	case len(l.ws) > 0:
		if l.readers == 0 {
			l.writing = true
			close(l.ws[0])
			l.ws = l.ws[1:]
		}
	default:
		for _, in := range l.rs {
			l.readers++
			close(in)
		}
		l.rs = nil
	}
}

func (l *RWLock) RUnlock() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.readers == 0 {
		return ErrNotLocked
	}
	l.readers--
	l.admit()
	return nil
}

func (l *RWLock) Lock() {
	in := make(chan struct{})
	l.mu.Lock()
	l.ws = append(l.ws, in)
	l.admit()
	l.mu.Unlock()
	<-in
}

func (l *RWLock) Unlock() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.writing {
		return ErrNotLocked
	}
	l.writing = false
	l.admit()
	return nil
}

type SharedLock struct {
	mu     sync.Mutex
	reads  map[Owner]int
	writer Owner // "" for none
	writes int
	rs, ws []applicant
}

func NewSharedLock() *SharedLock { return &SharedLock{reads: make(map[Owner]int)} }

func (l *SharedLock) admit() {
	if l.writer != "" {
		return
	}
	if len(l.ws) > 0 {
		if len(l.reads) == 0 {
			l.writer, l.writes = l.ws[0].o, 1
			close(l.ws[0].in)
			l.ws = l.ws[1:]
		}
		return
	}
	for _, a := range l.rs {
		l.reads[a.o]++
		close(a.in)
	}
	l.rs = nil
}

func (l *SharedLock) RLock(o Owner) {
	l.mu.Lock()
	if l.reads[o] > 0 || l.writer == o {
		l.reads[o]++
		l.mu.Unlock()
		return
	}
	a := applicant{o, make(chan struct{})}
	l.rs = append(l.rs, a)
	l.admit()
	l.mu.Unlock()
	<-a.in
}

func (l *SharedLock) RUnlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch l.reads[o] {
	case 0:
		return ErrNotOwner
	case 1:
		delete(l.reads, o)
		l.admit()
	default:
		l.reads[o]--
	}
	return nil
}

func (l *SharedLock) Lock(o Owner) error {
	l.mu.Lock()
	if l.writer == o {
		l.writes++
		l.mu.Unlock()
		return nil
	}
	if l.reads[o] > 0 {
		l.mu.Unlock()
		return ErrUpgrade
	}
	a := applicant{o, make(chan struct{})}
	l.ws = append(l.ws, a)
	l.admit()
	l.mu.Unlock()
	<-a.in
	return nil
}

func (l *SharedLock) Unlock(o Owner) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.writer != o || o == "" {
		return ErrNotOwner
	}
	if l.writes--; l.writes == 0 {
		l.writer = ""
		l.admit()
	}
	return nil
}
