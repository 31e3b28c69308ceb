//go:build unix && !aix && !solaris

package interleave_test

import (
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/interleave/rt"
)

// TestFlock checks that a flock(2) is a step like any other: others may come before it, and who waits for it waits
// for goroutines of the exploration.
func TestFlock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	open := func() *os.File {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		require.NoError(t, err)
		t.Cleanup(func() { file.Close() })
		return file
	}
	one, two := int(open().Fd()), int(open().Fd())
	lock := func(fd int) { rt.Flock(fd, syscall.LOCK_EX) }
	unlock := func(fd int) { rt.Flock(fd, syscall.LOCK_UN) }
	free := func() { // what a failed schedule has left
		syscall.Flock(one, syscall.LOCK_UN)
		syscall.Flock(two, syscall.LOCK_UN)
	}

	// shared is the use of one open file by two goroutines, which a mutex keeps apart.
	shared := func(let func(mu *sync.Mutex)) func(t *testing.T) {
		return func(t *testing.T) {
			free()
			var mu sync.Mutex
			work := func() {
				rt.MutexLock(&mu)
				lock(one)
				assert.Equal(t, syscall.EWOULDBLOCK, rt.Flock(two, syscall.LOCK_EX|syscall.LOCK_NB))
				let(&mu)
			}
			both(work, work)
		}
	}
	checkPairs(t, []pair{
		{name: "mutex let go before the flock", status: "fail", message: "Not equal",
			wrong: shared(func(mu *sync.Mutex) { rt.MutexUnlock(mu); unlock(one) }),
			right: shared(func(mu *sync.Mutex) { unlock(one); rt.MutexUnlock(mu) })},
		{name: "two open files of one file", status: "timeout", message: "no progress",
			wrong: func(*testing.T) { free(); both(func() { lock(one) }, func() { lock(two) }) },
			right: func(*testing.T) {
				free()
				both(func() { lock(one); rt.Gosched(); unlock(one) }, func() { lock(two); rt.Gosched(); unlock(two) })
			}},
	})
	free()
	assert.NoError(t, rt.Flock(one, syscall.LOCK_EX), "outside an exploration")
	assert.Equal(t, syscall.EWOULDBLOCK, rt.Flock(two, syscall.LOCK_SH|syscall.LOCK_NB), "outside an exploration")
	assert.Equal(t, syscall.EBADF, rt.Flock(-1, syscall.LOCK_UN), "outside an exploration")
}
