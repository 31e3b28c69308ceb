package interleave

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"lockstep/grader/interleave/rt"
)

// shadow is the T of one schedule. A testing.T that package testing did not make
// works as far as it does not need its test's runner: Error, Fatal, Log, Skip, Helper, Failed,
// Name, Cleanup, Context, TempDir, Setenv and Chdir do. Run, Parallel and Deadline do
// need it; the schedule then fails and says so.
type shadow struct {
	t        *testing.T
	returned bool // the body has
}

// layout holds the offsets of the fields of testing.T that the shadow depends on.
type layout struct {
	name, ctx, out, failed, skipped, cleanups, output uintptr
	writer                                            reflect.Type // of o, a struct with a field c
	owner                                             uintptr      // of c in it
}

var fields = findLayout()

func findLayout() layout {
	t := reflect.TypeFor[testing.T]()
	at := func(name string, kind reflect.Kind) uintptr {
		f, ok := t.FieldByName(name)
		if !ok || f.Type.Kind() != kind {
			panic("interleave: testing.T of " + runtime.Version() + " has no field " + name + " of the kind expected")
		}
		return f.Offset
	}
	l := layout{
		name: at("name", reflect.String), ctx: at("ctx", reflect.Interface), out: at("o", reflect.Pointer),
		failed: at("failed", reflect.Bool), skipped: at("skipped", reflect.Bool),
		cleanups: at("cleanups", reflect.Slice), output: at("output", reflect.Slice),
	}
	o, _ := t.FieldByName("o")
	l.writer = o.Type.Elem()
	c, ok := l.writer.FieldByName("c")
	if !ok {
		panic("interleave: the output writer of testing.T has no owner")
	}
	l.owner = c.Offset
	return l
}

func field[F any](p unsafe.Pointer, offset uintptr) *F { return (*F)(unsafe.Add(p, offset)) }

func newShadow(name string) *shadow {
	t := new(testing.T)
	p := unsafe.Pointer(t)
	*field[string](p, fields.name) = name
	w := reflect.New(fields.writer).UnsafePointer()
	*field[unsafe.Pointer](w, fields.owner) = p // common is the first field of T
	*field[unsafe.Pointer](p, fields.out) = w
	return &shadow{t: t}
}

func (s *shadow) failed() *bool { return field[bool](unsafe.Pointer(s.t), fields.failed) }
func (s *shadow) skipped() bool { return *field[bool](unsafe.Pointer(s.t), fields.skipped) }

// log returns what the test printed, without the indentation and without the frames
// of testify's traces that are not the test's.
func (s *shadow) log() string {
	b := *field[[]byte](unsafe.Pointer(s.t), fields.output)
	var lines []string
	for _, l := range strings.Split(strings.TrimRight(string(b), "\n"), "\n") {
		if !machinery.MatchString(l) {
			lines = append(lines, strings.TrimPrefix(l, "    "))
		}
	}
	return strings.Join(lines, "\n")
}

var machinery = regexp.MustCompile(`^\s.*(grader/interleave/(rt/|shadow\.go|explore\.go)|runtime/asm_)[^ ]*:\d+$`)

// run runs body as package testing would: clean-ups in reverse order, after it, even
// when it fails or panics; the context is cancelled before them.
func (s *shadow) run(body func(*testing.T)) {
	ctx, cancel := rt.ContextWithCancel(context.Background())
	*field[context.Context](unsafe.Pointer(s.t), fields.ctx) = ctx
	defer s.cleanup()
	defer cancel()
	body(s.t)
	s.returned = true
}

func (s *shadow) cleanup() {
	list := field[[]func()](unsafe.Pointer(s.t), fields.cleanups)
	n := len(*list)
	if n == 0 {
		return
	}
	f := (*list)[n-1]
	*list = (*list)[:n-1]
	defer s.cleanup() // the rest, even if this one does not return
	f()
}

// refused says which method of T a panic's stack shows that the shadow does not have.
func refused(stack []uintptr) string {
	frames := runtime.CallersFrames(stack)
	for {
		f, more := frames.Next()
		for _, m := range []string{"Run", "Parallel", "Deadline"} {
			if f.Function == "testing.(*T)."+m {
				return fmt.Sprintf("t.%s cannot be used in the body of Explore", m)
			}
		}
		if !more {
			return ""
		}
	}
}
