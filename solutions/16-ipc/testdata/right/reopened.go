// file: shared.go

// The lock opens its file each time and polls it, the counter counts by bytes, the queue reads with a loop.
package ipc

import (
	"bytes"
	"errors"
	"io"
	"os"
	"syscall"
	"time"
)

// A FileLock is a lock that processes share.
type FileLock struct {
	path string
	slot chan *os.File // nil: not locked
}

// OpenLock makes the file.
func OpenLock(path string) (*FileLock, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	file.Close()
	l := &FileLock{path: path, slot: make(chan *os.File, 1)}
	l.slot <- nil
	return l, nil
}

// Lock takes the lock.
func (l *FileLock) Lock() error {
	if _, ok := <-l.slot; !ok {
		return os.ErrClosed
	}
	for {
		if ok, err := l.try(); ok || err != nil {
			return err
		}
		time.Sleep(200 * time.Microsecond)
		<-l.slot
	}
}

// TryLock takes the lock if it is free.
func (l *FileLock) TryLock() (bool, error) {
	select {
	case _, ok := <-l.slot:
		if !ok {
			return false, os.ErrClosed
		}
		return l.try()
	default:
		return false, nil
	}
}

// locked is where the open file of a FileLock that is locked lies.
var locked = make(chan map[*FileLock]*os.File, 1)

func init() { locked <- map[*FileLock]*os.File{} }

// try is called with the slot taken, and gives it back if it fails.
func (l *FileLock) try() (bool, error) {
	file, err := os.OpenFile(l.path, os.O_RDWR, 0)
	if err == nil {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err == nil {
		all := <-locked
		all[l] = file
		locked <- all
		return true, nil
	}
	file.Close()
	l.slot <- nil
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return false, err
}

// Unlock lets go of the lock.
func (l *FileLock) Unlock() error {
	all := <-locked
	file := all[l]
	delete(all, l)
	locked <- all
	err := file.Close()
	l.slot <- nil
	return err
}

// Close closes the lock.
func (l *FileLock) Close() error {
	if _, ok := <-l.slot; !ok {
		return os.ErrClosed
	}
	close(l.slot)
	return nil
}

// Map maps a file.
func Map(path string, size int) ([]byte, error) {
	fd, err := syscall.Open(path, syscall.O_RDWR|syscall.O_CREAT|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	defer syscall.Close(fd)
	var stat syscall.Stat_t
	if err := syscall.Fstat(fd, &stat); err != nil {
		return nil, err
	}
	if stat.Size < int64(size) {
		if err := syscall.Ftruncate(fd, int64(size)); err != nil {
			return nil, err
		}
	}
	return syscall.Mmap(fd, 0, size, syscall.PROT_WRITE|syscall.PROT_READ, syscall.MAP_SHARED)
}

// Unmap unmaps it.
func Unmap(memory []byte) error { return syscall.Munmap(memory) }

// A Counter is a number in shared memory.
type Counter struct {
	memory []byte
	lock   *FileLock
}

// NewCounter returns a counter.
func NewCounter(memory []byte, lock *FileLock) *Counter { return &Counter{memory[:8], lock} }

// Add adds.
func (c *Counter) Add(delta int64) (int64, error) {
	err := c.lock.Lock()
	if err != nil {
		return 0, err
	}
	defer func() { err = c.lock.Unlock() }()
	n := uint64(delta)
	for i := range c.memory {
		n += uint64(c.memory[i]) << (8 * i)
	}
	for i := range c.memory {
		c.memory[i] = byte(n >> (8 * i))
	}
	return int64(n), err
}

// Value is Add of nothing.
func (c *Counter) Value() (int64, error) { return c.Add(0) }

// A Queue is a pipe that many processes use.
type Queue struct {
	r    io.Reader
	w    io.Writer
	turn *FileLock
}

// NewQueue returns a queue.
func NewQueue(r io.Reader, w io.Writer, turn *FileLock) *Queue {
	return &Queue{r: r, w: w, turn: turn}
}

// Put puts.
func (q *Queue) Put(item []byte) error {
	if len(item) > MaxItem {
		return ErrTooLarge
	}
	var b bytes.Buffer
	WriteFrame(&b, item)
	b.Write(bytes.Repeat([]byte{0xff}, SlotSize-b.Len()))
	_, err := b.WriteTo(q.w)
	return err
}

// Get gets.
func (q *Queue) Get() (item []byte, err error) {
	if err := q.turn.Lock(); err != nil {
		return nil, err
	}
	defer q.turn.Unlock()
	slot := make([]byte, SlotSize)
	for done := 0; done < SlotSize; {
		n, err := q.r.Read(slot[done:])
		done += n
		switch {
		case done == SlotSize:
		case err == io.EOF && done > 0:
			return nil, io.ErrUnexpectedEOF
		case err != nil:
			return nil, err
		}
	}
	item, err = ReadFrame(bytes.NewReader(slot))
	if err != nil {
		return nil, ErrTooLarge // the length is beyond the slot
	}
	return item, nil
}
