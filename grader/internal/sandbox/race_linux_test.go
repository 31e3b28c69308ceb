package sandbox

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRaceRuntimeFindsItsOptions holds the work-around for /proc/self/environ, where alone the
// race runtime looks for GORACE: without it, it sleeps a second at the end, exits 66 and
// writes to stderr.
func TestRaceRuntimeFindsItsOptions(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "race")
	said, err := exec.Command("go", "build", "-race", "-o", binary, "./testdata/race").CombinedOutput()
	require.NoError(t, err, string(said))
	logs := t.TempDir()

	for _, proc := range []bool{false, true} {
		c := Command{
			Path: binary, Proc: proc, Writable: []string{logs},
			Env: []string{"OTHER=1", "GORACE=atexit_sleep_ms=1500 exitcode=77"},
		}
		out := run(bwrap(t), c, ample)
		assert.Equal(t, Exited, out.End, out)
		assert.Equal(t, 77, out.ExitCode)
		assert.GreaterOrEqual(t, out.Wall, 1500*time.Millisecond, "the sleep at exit is not as asked for")
		assert.Contains(t, string(out.Stderr), "WARNING: DATA RACE")
		assert.Contains(t, string(out.Stderr), "race/main.go:")
		assert.NotContains(t, string(out.Stderr), "executable name")

		c.Env = []string{"GORACE=atexit_sleep_ms=1 log_path=" + logs + "/race"}
		out = run(bwrap(t), c, ample)
		assert.Equal(t, 66, out.ExitCode)
		assert.Empty(t, string(out.Stderr))
		written, err := filepath.Glob(logs + "/race.*")
		assert.NoError(t, err)
		assert.NotEmpty(t, written)
	}
}
