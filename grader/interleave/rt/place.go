package rt

import (
	"runtime"
	"strings"
)

// ours are the packages whose frames are not a program's own.
var ours = []string{"lockstep/grader/interleave/rt.", "lockstep/grader/interleave/rt/", "lockstep/grader/interleave.", "runtime.", "sync.", "internal/", "context.", "time.", "iter.", "testing."}

// place returns the innermost frame of the program itself; the zero Frame for none.
func place(pcs []uintptr) runtime.Frame {
	n := 0
	for n < len(pcs) && pcs[n] != 0 {
		n++
	}
	return Place(pcs[:n])
}

// Place returns the innermost frame of a stack that belongs to the program under
// test: not to this package, the run-time system or package sync.
func Place(pcs []uintptr) runtime.Frame {
	if len(pcs) == 0 {
		return runtime.Frame{}
	}
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		if f.File != "" && !Own(f.Function) {
			return f
		}
		if !more {
			return runtime.Frame{}
		}
	}
}

// Own reports whether a function belongs to the machinery rather than to the program.
func Own(function string) bool {
	for _, p := range ours {
		if strings.HasPrefix(function, p) {
			return true
		}
	}
	return false
}
