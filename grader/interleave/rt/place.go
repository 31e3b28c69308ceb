package rt

import (
	"iter"
	"runtime"
	"slices"
	"strings"
)

// machinery are the packages that run an exploration, and those that help a test: it is the
// test's line that a reader knows.
var machinery = []string{
	"lockstep/grader/interleave/rt.", "lockstep/grader/interleave/rt/", "lockstep/grader/interleave.",
	"lockstep/grader/interleave/linearize.", "lockstep/grader/exam.",
}

// Place returns the innermost frame of a stack that belongs to the program under test: not to
// this package or the standard library.
func Place(pcs []uintptr) runtime.Frame {
	for f := range program(pcs) {
		return f
	}
	return runtime.Frame{}
}

// program resolves the frames of a stack that belong to the program under test.
func program(pcs []uintptr) iter.Seq[runtime.Frame] {
	return func(yield func(runtime.Frame) bool) {
		if n := slices.Index(pcs, 0); n >= 0 {
			pcs = pcs[:n]
		}
		if len(pcs) == 0 {
			return
		}
		frames := runtime.CallersFrames(pcs)
		for {
			f, more := frames.Next()
			if f.File != "" && !Own(f.Function) && !yield(f) || !more {
				return
			}
		}
	}
}

// Own reports whether a function belongs to the machinery or to the standard library rather
// than to the program.
func Own(function string) bool {
	for _, p := range machinery {
		if strings.HasPrefix(function, p) {
			return true
		}
	}
	first, _, nested := strings.Cut(function, "/")
	if !nested {
		first, _, _ = strings.Cut(function, ".")
	}
	return library(first)
}

// library tells the first elements of the standard library's import paths. That they have no
// dot does not: a module's name may have none either.
func library(first string) bool {
	switch first {
	case "archive", "bufio", "bytes", "cmp", "compress", "container", "context", "crypto", "database",
		"debug", "embed", "encoding", "errors", "expvar", "flag", "fmt", "go", "hash", "html", "image",
		"index", "internal", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin",
		"reflect", "regexp", "runtime", "slices", "sort", "strconv", "strings", "structs", "sync",
		"syscall", "testing", "text", "time", "unicode", "unique", "unsafe", "vendor", "weak":
		return true
	}
	return false
}
