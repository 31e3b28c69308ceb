//go:build linux

package hostile

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/sandbox"
)

// TestLeftIsFound leaves something of each kind behind: what finds nothing proves nothing.
func TestLeftIsFound(t *testing.T) {
	w := newWorld(t)
	w.gocache = t.TempDir()
	require.Empty(t, w.left(t))

	cmd := exec.Command("sleep", "1000")
	cmd.Dir = w.root
	require.NoError(t, cmd.Start())
	defer cmd.Wait()
	defer cmd.Process.Kill()
	require.NoError(t, os.WriteFile(filepath.Join(w.witness, "file"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(w.gocache, "hostile"), nil, 0o600))
	c, err := net.Dial("tcp", w.tcp.Addr().String())
	require.NoError(t, err)
	c.Write([]byte("caller"))
	c.Close()
	w.tcp.Close()
	<-w.quiet // the caller was heard

	left := strings.Join(w.left(t), "\n")
	for _, part := range []string{"process ", "witness/file", "/hostile", `"caller"`} {
		assert.Contains(t, left, part)
	}
}

// TestUnconfined grades some attacks without the sandbox, where they reach what they are
// after: it is not for want of trying that they do not elsewhere.
func TestUnconfined(t *testing.T) {
	box, err := sandbox.Open("none")
	require.NoError(t, err)
	w := newWorld(t)
	g := newGrader(t, w, box)
	for _, s := range corpus(t) {
		if !slices.Contains([]string{"secrets-files", "secrets-network", "forging-memory"}, s.id()) {
			continue
		}
		c := s.grade(t, w, g).Chapters[0]
		switch s.name {
		case "files", "memory":
			points, _ := c.Points()
			assert.Positive(t, points, "%s: %+v", s.id(), c)
		case "network":
			w.tcp.Close()
			<-w.quiet
			w.mu.Lock()
			assert.NotEmpty(t, w.heard)
			w.mu.Unlock()
		}
	}
}
