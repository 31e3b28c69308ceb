package ipc

import "io"

// A FileLock is a lock that processes share, by the name of a file. At any time at most one
// FileLock of that file is locked, on the whole machine. In Python, multiprocessing.Lock, or
// fcntl.flock with an open file.
//
// It is flock(2) that counts: a program that locks the file with LOCK_EX, in any language,
// takes part. When a process ends, however it ends, the locks that it held are free, even if
// a child that it has started lives on.
type FileLock struct {
	// TODO(16.3): the kernel knows who has opened the file, and no goroutines.
}

// OpenLock opens the file, and makes it if there is none. What is in it does not matter, and
// is not changed. The file stays for ever: nobody removes it.
func OpenLock(path string) (*FileLock, error) {
	// TODO(16.3): open the file.
	return &FileLock{}, nil
}

// Lock waits until the lock is free, and takes it. It keeps out other processes, other
// FileLocks of the same file in this process, and other goroutines with this same FileLock.
// For those it is a sync.Mutex too: what was done before an Unlock is seen after the next
// Lock, and the race detector knows that.
//
// If it returns an error the lock has not been taken.
func (l *FileLock) Lock() error {
	// TODO(16.3): keep out the goroutines, then the processes.
	return nil
}

// TryLock takes the lock if it is free, and reports whether it has. It does not wait. That the
// lock is taken is no error.
func (l *FileLock) TryLock() (bool, error) {
	// TODO(16.3): the same, without waiting.
	return false, nil
}

// Unlock lets go of the lock. It must be held; any goroutine may call it, as with a sync.Mutex.
func (l *FileLock) Unlock() error {
	// TODO(16.3): in which order?
	return nil
}

// Close closes the file. The lock must not be held, and nobody may be waiting for it. After it Lock and TryLock return an error.
func (l *FileLock) Close() error {
	// TODO(16.3): close the file.
	return nil
}

// Map returns the first size bytes of a file as memory. All who map the file, in whatever
// process, have the same memory: what one of them writes the others find, at once and without
// a system call. In Python, mmap.mmap, or multiprocessing.shared_memory.
//
// If there is no such file it is made, of zeros. If it is shorter it becomes size bytes long,
// and what is added is zeros. What is in it already stays, and so does what others write to it
// meanwhile; it never gets shorter. Those who make it longer at the same time ask for the same
// size. Map leaves no file open. Size is positive.
func Map(path string, size int) ([]byte, error) {
	// TODO(16.3): map the file, shared.
	return make([]byte, size), nil
}

// Unmap gives back what Map has returned, which must not be touched any more. The bytes stay
// in the file.
func Unmap(memory []byte) error {
	// TODO(16.3): unmap it.
	return nil
}

// A Counter is a number in memory that processes share, under a lock that they share. In
// Python, multiprocessing.Value("q").
type Counter struct {
	// TODO(16.3): the memory, and the lock that guards it.
}

// NewCounter returns the counter that is the first 8 bytes of memory, little-endian. Lock
// guards them: whoever reads or writes them holds it. There may be any number of Counters of
// the same memory and lock, in any number of processes.
func NewCounter(memory []byte, lock *FileLock) *Counter {
	// TODO(16.3): keep both.
	return &Counter{}
}

// Add adds delta, which may be negative, and returns the sum. No Add is ever lost. If the lock
// returns an error Add returns that, and changes nothing.
func (c *Counter) Add(delta int64) (int64, error) {
	// TODO(16.3): n += delta is three steps, and others have the same n.
	return 0, nil
}

// Value returns the number, or the error of the lock.
func (c *Counter) Value() (int64, error) {
	// TODO(16.3): reading is using, too.
	return -1, nil
}

// A Queue is a pipe into which many processes put items, and out of which many get them, each
// item once. In Python, multiprocessing.SimpleQueue. A pipe has room for 64 KiB or so: then
// Put waits.
//
// Each item takes SlotSize bytes in the pipe: its length in 4 bytes, the highest first, the
// item, and whatever fills the rest.
//
// A process that is killed in the midst of a Put has put the whole item or nothing. One that
// is killed in the midst of a Get has taken one item at most, and hinders nobody.
type Queue struct {
	// TODO(16.4): two ends, and whose turn it is to read.
}

// NewQueue returns the Queue whose pipe ends in r and begins with w. All the Queues of a pipe,
// in whatever process, have the same file for turn. Who only puts needs no r and no turn, who
// only gets needs no w: they are nil then.
//
// Write may be called by many at the same time, as that of an os.File may, and takes up to
// SlotSize bytes whole. Read is only called by who holds turn. A Queue closes nothing: when
// nobody has w open any more the queue has ended.
func NewQueue(r io.Reader, w io.Writer, turn *FileLock) *Queue {
	// TODO(16.4): keep them.
	return &Queue{}
}

// Put puts an item into the queue. It waits while the pipe is full, never for a Get that waits
// for an item. If the item has more than MaxItem bytes Put puts nothing and returns
// ErrTooLarge. An error of w it returns, alone or wrapped.
func (q *Queue) Put(item []byte) error {
	// TODO(16.4): whoever is killed here must not leave half an item.
	return nil
}

// Get waits for an item and takes it out of the queue: one slot, whatever it holds, and not a
// byte more. What one process has put comes in the order in which it was put.
//
// If the queue is empty and has ended, Get returns io.EOF; if it ends within a slot,
// io.ErrUnexpectedEOF; if the slot says that its item has more than MaxItem bytes, ErrTooLarge.
// An error of r or of turn it returns, alone or wrapped. With an error there is no item.
func (q *Queue) Get() ([]byte, error) {
	// TODO(16.4): one reader at a time, in all processes.
	return nil, nil
}
