package rewrite

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkRewrite measures what rewriting adds to a build: type-checking from export
// data and rewriting of a package that imports a good part of the concurrent library.
func BenchmarkRewrite(b *testing.B) {
	list, err := dependencies()
	require.NoError(b, err)
	p := readPackage(b, constructsPath, "testdata/constructs")
	for b.Loop() {
		r := New(Config{Dependencies: list, CopyPath: "example/xsync", CopyDir: "/example/xsync"})
		result, err := r.Rewrite(p, Control)
		require.NoError(b, err)
		require.Empty(b, result.Refusals)
	}
}

// BenchmarkList measures the go command's listing of export data, which a grader does
// once and keeps.
func BenchmarkList(b *testing.B) {
	for b.Loop() {
		_, err := List(b.Context(), ".", "./testdata/constructs", "github.com/stretchr/testify/require")
		require.NoError(b, err)
	}
}
