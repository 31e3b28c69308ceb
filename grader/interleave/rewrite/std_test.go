package rewrite

import (
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestOtherPeoplesCode rewrites large packages that were not written with it in mind.
// The result must be accepted by the compiler's type checker, or be refused.
func TestOtherPeoplesCode(t *testing.T) {
	list, err := dependencies()
	require.NoError(t, err)
	known := map[string]Dependency{}
	for _, d := range list {
		known[d.ImportPath] = d
	}
	paths := []string{
		"context", "net/http", "container/heap", "container/list", "io", "net/url", "bufio", "os/exec", "crypto/tls", "database/sql", "testing", "log", "sync", "net/rpc",
		"golang.org/x/sync/errgroup", "golang.org/x/sync/semaphore", "golang.org/x/sync/singleflight", "golang.org/x/sync/syncmap",
	}
	for _, mode := range []Mode{Control, Yield} {
		for _, path := range paths {
			d := known[path]
			require.NotEmpty(t, d.GoFiles, path)
			r, _ := newRewriter(t)
			p := Package{Path: path, Dir: d.Dir, Files: map[string][]byte{}, Restarts: true}
			for _, name := range d.GoFiles {
				source, err := os.ReadFile(filepath.Join(d.Dir, name))
				require.NoError(t, err)
				p.Files[name] = source
			}
			result, err := r.Rewrite(p, mode)
			require.NoError(t, err, path)
			for _, refusal := range result.Refusals {
				t.Logf("%s: %s", path, refusal)
			}
			if len(result.Refusals) == 0 {
				typeCheck(t, r, p, result)
			}
		}
	}
}

// typeCheck requires that rewritten files are a valid package.
func typeCheck(t *testing.T, r *Rewriter, p Package, result Result) {
	t.Helper()
	again := New(Config{Dependencies: r.config.Dependencies})
	fset := token.NewFileSet()
	for name, text := range result.Files {
		_, err := parser.ParseFile(fset, name, text, 0)
		require.NoError(t, err, "%s", name)
	}
	_, err := again.check(Package{Path: p.Path, Dir: p.Dir, Files: result.Files})
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range list.Unwrap() {
			if e, ok := err.(types.Error); ok && e.Soft && strings.Contains(e.Msg, "imported and not used") {
				continue
			}
			t.Errorf("%s: %v", p.Path, err)
		}
	}
}
