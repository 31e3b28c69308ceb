//go:build unix

package atomicfile

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatIsNoFileIsNotReplaced writes to a pipe, which stands for /dev/null: to replace
// that would break the machine.
func TestWhatIsNoFileIsNotReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	reader, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // there is a reader before anybody writes
	require.NoError(t, err)
	defer reader.Close()
	require.NoError(t, Write(path, text("hello")))
	info, err := os.Lstat(path)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&fs.ModeNamedPipe)
	got := make([]byte, 5)
	_, err = reader.Read(got)
	require.NoError(t, err)
	require.Equal(t, "hello", string(got))
}
