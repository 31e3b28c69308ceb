// want: fail in TestQueueOfTheDead
// file: shared.go

// Get says that the queue has ended when it is only the lock that cannot be had.
package ipc

import (
	"encoding/binary"
	"io"
	"os"
	"sync"
	"syscall"
)

// A FileLock is a lock that processes share. A flock belongs to the open file, which all
// goroutines here have in common: the kernel would let them all in. The mutex keeps them apart,
// and tells the race detector.
type FileLock struct {
	mu   sync.Mutex // taken before the flock and let go after it
	file *os.File
}

// OpenLock opens the file. Package os opens files so that children do not inherit them: a
// child that did would hold the lock beyond its parent's death.
func OpenLock(path string) (*FileLock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return &FileLock{file: file}, nil
}

// Lock waits until the lock is free, and takes it.
func (l *FileLock) Lock() error {
	l.mu.Lock()
	if err := l.flock(syscall.LOCK_EX); err != nil {
		l.mu.Unlock()
		return err
	}
	return nil
}

// TryLock takes the lock if it is free.
func (l *FileLock) TryLock() (bool, error) {
	if !l.mu.TryLock() {
		return false, nil
	}
	switch err := l.flock(syscall.LOCK_EX | syscall.LOCK_NB); err {
	case nil:
		return true, nil
	case syscall.EWOULDBLOCK:
		l.mu.Unlock()
		return false, nil
	default:
		l.mu.Unlock()
		return false, err
	}
}

// Unlock lets go of the lock.
func (l *FileLock) Unlock() error {
	defer l.mu.Unlock()
	return l.flock(syscall.LOCK_UN)
}

// flock asks again when a signal has interrupted it. Go lets the system go on by itself after
// most signals, but not every file system does.
func (l *FileLock) flock(how int) error {
	for {
		if err := syscall.Flock(int(l.file.Fd()), how); err != syscall.EINTR {
			return err
		}
	}
}

// Close closes the file.
func (l *FileLock) Close() error { return l.file.Close() }

// Map returns the first size bytes of a file as memory. The mapping needs the file no longer
// than it takes to make it.
func Map(path string, size int) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() < int64(size) { // memory beyond the end of the file would be SIGBUS
		if err := file.Truncate(int64(size)); err != nil {
			return nil, err
		}
	}
	return syscall.Mmap(int(file.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
}

// Unmap gives back what Map has returned.
func Unmap(memory []byte) error { return syscall.Munmap(memory) }

// A Counter is a number in shared memory.
type Counter struct {
	memory []byte // guarded by lock
	lock   *FileLock
}

// NewCounter returns the counter that is the first 8 bytes of memory.
func NewCounter(memory []byte, lock *FileLock) *Counter { return &Counter{memory, lock} }

// Add adds delta and returns the sum.
func (c *Counter) Add(delta int64) (int64, error) {
	if err := c.lock.Lock(); err != nil {
		return 0, err
	}
	n := int64(binary.LittleEndian.Uint64(c.memory)) + delta
	binary.LittleEndian.PutUint64(c.memory, uint64(n))
	return n, c.lock.Unlock()
}

// Value returns the number.
func (c *Counter) Value() (int64, error) {
	if err := c.lock.Lock(); err != nil {
		return 0, err
	}
	n := int64(binary.LittleEndian.Uint64(c.memory))
	return n, c.lock.Unlock()
}

// A Queue is a pipe that many processes use.
type Queue struct {
	r    io.Reader // used by who holds turn
	w    io.Writer
	turn *FileLock
}

// NewQueue returns the Queue of a pipe.
func NewQueue(r io.Reader, w io.Writer, turn *FileLock) *Queue { return &Queue{r, w, turn} }

// Put puts an item into the queue. It is one Write of a size that a pipe takes whole, so it
// needs no lock: neither another writer nor SIGKILL comes in between.
func (q *Queue) Put(item []byte) error {
	if len(item) > MaxItem {
		return ErrTooLarge
	}
	var slot [SlotSize]byte
	binary.BigEndian.PutUint32(slot[:], uint32(len(item)))
	copy(slot[headerSize:], item)
	_, err := q.w.Write(slot[:])
	return err
}

// Get takes an item out of the queue. For reading POSIX promises nothing, hence the lock.
func (q *Queue) Get() ([]byte, error) {
	if q.turn.Lock() != nil {
		return nil, io.EOF
	}
	defer q.turn.Unlock()
	var slot [SlotSize]byte
	if _, err := io.ReadFull(q.r, slot[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(slot[:])
	if size > MaxItem {
		return nil, ErrTooLarge
	}
	return slot[headerSize : headerSize+size], nil
}
