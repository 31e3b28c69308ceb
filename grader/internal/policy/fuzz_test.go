package policy

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzCheck looks for sources that crash the checker, and for findings that are not whole.
func FuzzCheck(f *testing.F) {
	src, err := os.ReadFile("testdata/right/ordinary.go")
	require.NoError(f, err)
	f.Add(src)
	f.Add([]byte("//go:build race\n\npackage main; import . \"unsafe\"; func init() { (os.Exit)(0); io.EOF, *x.y[1] = nil, 2 }"))
	f.Add([]byte("package p; const c = c<<c; type t [c*1e9]struct{ t; u }; type u = t; var x = [...]t{1 << 40: {}}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		found, _ := Check(map[string][]byte{"a.go": src}, ordinary)
		for _, one := range found {
			if one.File != "a.go" || one.Line < 0 || one.What == "" || one.Why == "" || one.Next == "" {
				t.Fatalf("not whole: %+v", one)
			}
		}
	})
}
