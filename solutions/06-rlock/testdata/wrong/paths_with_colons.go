// want: fail in TestFolderSizes

// Folders are in a map by their path, with colons between the names.
package rlock

import (
	"errors"
	"slices"
	"strings"
)

var (
	ErrNotOwner  = errors.New("not the owner of the lock")
	ErrNotLocked = errors.New("not locked")
	ErrFull      = errors.New("the tree is full")
	ErrUpgrade   = errors.New("a reader cannot become a writer")
)

type Owner string

type holder struct {
	owner Owner
	count int
}

type RLock struct {
	token chan struct{} // full while somebody holds the lock
	state chan holder
}

func NewRLock() *RLock {
	l := &RLock{token: make(chan struct{}, 1), state: make(chan holder, 1)}
	l.state <- holder{}
	return l
}

func (l *RLock) again(o Owner) bool {
	h := <-l.state
	mine := h.count > 0 && h.owner == o
	if mine {
		h.count++
	}
	l.state <- h
	return mine
}

func (l *RLock) begin(o Owner) {
	<-l.state
	l.state <- holder{o, 1}
}

func (l *RLock) Lock(o Owner) {
	if !l.again(o) {
		l.token <- struct{}{}
		l.begin(o)
	}
}

func (l *RLock) TryLock(o Owner) bool {
	if l.again(o) {
		return true
	}
	select {
	case l.token <- struct{}{}:
		l.begin(o)
		return true
	default:
		return false
	}
}

func (l *RLock) Unlock(o Owner) error {
	h := <-l.state
	defer func() { l.state <- h }()
	if h.count == 0 || h.owner != o {
		return ErrNotOwner
	}
	if h.count--; h.count == 0 {
		<-l.token
	}
	return nil
}

func (l *RLock) With(o Owner, f func()) {
	l.Lock(o)
	defer l.Unlock(o)
	f()
}

type disk struct {
	limit   int
	files   map[string]int // bytes of each folder by path; that of the root is ""
	folders map[string]*Folder
}

type Folder struct {
	path string
	disk chan *disk
}

func NewTree(limit int) *Folder {
	f := &Folder{disk: make(chan *disk, 1)}
	f.disk <- &disk{limit: limit, files: map[string]int{}, folders: map[string]*Folder{"": f}}
	return f
}

func (f *Folder) use(do func(d *disk)) {
	d := <-f.disk
	do(d)
	f.disk <- d
}

func (f *Folder) Folder(name string) (found *Folder) {
	f.use(func(d *disk) {
		path := f.path + ":" + name
		if found = d.folders[path]; found == nil {
			found = &Folder{path: path, disk: f.disk}
			d.folders[path] = found
		}
	})
	return found
}

func (d *disk) size(of string) (sum int) {
	for path, size := range d.files {
		if path == of || strings.HasPrefix(path, of+":") {
			sum += size
		}
	}
	return sum
}

func (f *Folder) Size() (size int) {
	f.use(func(d *disk) { size = d.size(f.path) })
	return size
}

func (f *Folder) Add(size int) (err error) {
	f.use(func(d *disk) {
		if size > d.limit-d.size("") {
			err = ErrFull
			return
		}
		d.files[f.path] += size
	})
	return err
}

func (f *Folder) MoveTo(to *Folder) {
	f.use(func(d *disk) {
		size := d.files[f.path]
		delete(d.files, f.path)
		d.files[to.path] += size
	})
}

func (f *Folder) Walk(visit func(path string, size int)) {
	sizes := map[string]int{}
	var order [][]string
	f.use(func(d *disk) {
		for path := range d.folders {
			if below, ok := strings.CutPrefix(path+":", f.path+":"); ok {
				below = strings.TrimSuffix(below, ":")
				sizes[below] = d.size(path)
				order = append(order, strings.Split(below, ":"))
			}
		}
	})
	slices.SortFunc(order, slices.Compare)
	for _, names := range order {
		path := strings.Join(names, "/")
		if path == "" {
			visit(".", sizes[path])
		} else {
			visit(path, sizes[strings.Join(names, ":")])
		}
	}
}

// A gate is the state of both locks: who holds it, and queues of those who wait.
type gate struct {
	reads   map[Owner]int
	writer  Owner
	writes  int
	readers []waiter
	writers []waiter
}

type waiter struct {
	owner Owner
	in    chan struct{} // closed when the owner holds the lock
}

// admit lets in whoever may come in now.
func (g *gate) admit() {
	if g.writes == 0 && len(g.reads) == 0 && len(g.writers) > 0 {
		g.writer, g.writes = g.writers[0].owner, 1
		close(g.writers[0].in)
		g.writers = g.writers[1:]
	}
	if g.writes == 0 && len(g.writers) == 0 {
		for _, w := range g.readers {
			g.reads[w.owner]++
			close(w.in)
		}
		g.readers = nil
	}
}

type SharedLock struct{ state chan *gate }

func NewSharedLock() *SharedLock {
	l := &SharedLock{state: make(chan *gate, 1)}
	l.state <- &gate{reads: map[Owner]int{}}
	return l
}

func (l *SharedLock) RLock(o Owner) {
	g := <-l.state
	if g.writes > 0 && g.writer == o || g.reads[o] > 0 {
		g.reads[o]++
		l.state <- g
		return
	}
	w := waiter{o, make(chan struct{})}
	g.readers = append(g.readers, w)
	g.admit()
	l.state <- g
	<-w.in
}

func (l *SharedLock) RUnlock(o Owner) error {
	g := <-l.state
	defer func() { l.state <- g }()
	if g.reads[o] == 0 {
		return ErrNotOwner
	}
	if g.reads[o]--; g.reads[o] == 0 {
		delete(g.reads, o)
		g.admit()
	}
	return nil
}

func (l *SharedLock) Lock(o Owner) error {
	g := <-l.state
	if g.writes > 0 && g.writer == o {
		g.writes++
		l.state <- g
		return nil
	}
	if g.reads[o] > 0 {
		l.state <- g
		return ErrUpgrade
	}
	w := waiter{o, make(chan struct{})}
	g.writers = append(g.writers, w)
	g.admit()
	l.state <- g
	<-w.in
	return nil
}

func (l *SharedLock) Unlock(o Owner) error {
	g := <-l.state
	defer func() { l.state <- g }()
	if g.writes == 0 || g.writer != o {
		return ErrNotOwner
	}
	if g.writes--; g.writes == 0 {
		g.admit()
	}
	return nil
}

// An RWLock has no owners, so a number of readers is enough.
type RWLock struct{ state chan *crowd }

type crowd struct {
	readers, writing int
	toRead, toWrite  []chan struct{}
}

func NewRWLock() *RWLock {
	l := &RWLock{state: make(chan *crowd, 1)}
	l.state <- &crowd{}
	return l
}

func (c *crowd) admit() {
	if c.writing == 0 && c.readers == 0 && len(c.toWrite) > 0 {
		c.writing = 1
		close(c.toWrite[0])
		c.toWrite = c.toWrite[1:]
	}
	if c.writing == 0 && len(c.toWrite) == 0 {
		for _, in := range c.toRead {
			c.readers++
			close(in)
		}
		c.toRead = nil
	}
}

func (l *RWLock) RLock() {
	in := make(chan struct{})
	c := <-l.state
	c.toRead = append(c.toRead, in)
	c.admit()
	l.state <- c
	<-in
}

func (l *RWLock) Lock() {
	in := make(chan struct{})
	c := <-l.state
	c.toWrite = append(c.toWrite, in)
	c.admit()
	l.state <- c
	<-in
}

func (l *RWLock) leave(inside *int) error {
	if *inside == 0 {
		return ErrNotLocked
	}
	*inside--
	return nil
}

func (l *RWLock) RUnlock() error {
	c := <-l.state
	defer func() { l.state <- c }()
	err := l.leave(&c.readers)
	c.admit()
	return err
}

func (l *RWLock) Unlock() error {
	c := <-l.state
	defer func() { l.state <- c }()
	err := l.leave(&c.writing)
	c.admit()
	return err
}
